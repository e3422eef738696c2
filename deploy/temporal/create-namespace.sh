#!/bin/sh
# Makes the namespace with 30 days of history and registers the search attributes, before any worker polls: an attribute that is not
# registered wedges the workflow that sets it. Safe to repeat.
set -eu

retention=720h
if temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
  temporal operator namespace update --namespace "$TEMPORAL_NAMESPACE" --retention "$retention" >/dev/null
else
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$retention"
fi

# A new namespace is known to every part of the server only after a moment.
attempts=0
until known=$(temporal operator search-attribute list --namespace "$TEMPORAL_NAMESPACE"); do
  attempts=$((attempts + 1))
  test "$attempts" -lt 30
  sleep 1
done

register() {
  if ! printf '%s\n' "$known" | grep -qw "$1"; then
    temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" --name "$1" --type "$2"
  fi
}

register ShopId Keyword
register CustomerId Keyword
register OrderStatus Keyword
register Provider Keyword
register AmountMinor Int
