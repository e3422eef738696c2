/** The time that is left, counted by the page's own clock. */
import { useEffect, useState } from 'hono/jsx/dom';

/** @param until ISO time @returns whole seconds left, 0 when it is over */
export function useSecondsLeft(until: string | undefined): number {
  const left = () => (until === undefined ? 0 : Math.max(0, Math.ceil((Date.parse(until) - Date.now()) / 1_000)));
  const [seconds, setSeconds] = useState(left);
  useEffect(() => {
    setSeconds(left());
    if (until === undefined) return;
    const timer = setInterval(() => setSeconds(left()), 1_000);
    return () => clearInterval(timer);
  }, [until]);
  return seconds;
}

/** `14:59`, or `1:02:03` from an hour on. */
export function sayClock(seconds: number): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
