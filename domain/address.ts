/** Addresses a deployment may be told to use. What leads to a cloud's metadata, to a file or to another protocol is none. */

/** Only machines of a cloud have these, and they give its keys away: nothing of ours ever lives there. */
const forbiddenHosts =
  /^(169\.254\.\d+\.\d+|\[(::ffff:a9fe:[\da-f]+|fe[89ab][\da-f]:.*|fd00:ec2::254)\]|metadata(\.google\.internal)?\.?|instance-data\.?)$/i;

/** Whether `host`, with or without a port, may be asked. Read as a resolver would: `2852039166` and `0xa9fe.43518` are addresses too. */
export function isAllowedHost(host: string): boolean {
  if (host === '' || /[\s/?#@\\]/.test(host) || !URL.canParse(`http://${host}/`)) return false;
  return !forbiddenHosts.test(new URL(`http://${host}/`).hostname);
}

/** Whether a server may listen there: `0.0.0.0` and `::` too. */
export function isListenable(host: string): boolean {
  return /^[\w.:-]{1,255}$/.test(host) && (isAllowedHost(host) || isAllowedHost(`[${host}]`));
}

/** An address of the web that we hand out or link to: no credentials, no query. */
export function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, host, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && isAllowedHost(host) && [username, password, search, hash].every((part) => part === '');
}

/** A connection string of PostgreSQL. Its query may name another host. */
export function isDatabaseAddress(text: string): boolean {
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) return false;
  const { host, searchParams } = new URL(text);
  return [host, ...searchParams.getAll('host').filter((path) => !path.startsWith('/'))].every(isAllowedHost);
}

/** `host:port`, as Temporal's client takes it. */
export function isServerAddress(text: string): boolean {
  const port = /^[^\s/@]+:(\d{1,5})$/.exec(text)?.[1];
  return port !== undefined && Number(port) <= 65_535 && isAllowedHost(text);
}

/** Where a coin's chain is followed from: a node with its user and password, or an Esplora server, which has neither. */
export function isChainAddress(text: string): boolean {
  const [, kind, url = ''] = /^(rpc|esplora):(.*)$/s.exec(text) ?? [];
  if (kind === 'esplora') return isWebAddress(url);
  if (kind !== 'rpc' || !URL.canParse(url)) return false;
  const { protocol, host, username, password, search, hash } = new URL(url);
  return /^https?:$/.test(protocol) && isAllowedHost(host) && username !== '' && password !== '' && search === '' && hash === '';
}
