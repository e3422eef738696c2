/** What happens in chats, for pages that look on. Nothing is kept: whoever was away reads the chat again. */
import type { ChatEvent } from './telegram/chat-contract.ts';

export interface SandboxEvents {
  /** @param readers people to whom the chat belongs; `everyone` for what concerns a whole bot */
  publish(event: ChatEvent, readers: readonly number[] | 'everyone'): void;
  /** @returns a function that ends it */
  subscribe(person: number, listener: (event: ChatEvent) => void): () => void;
}

export function createEvents(): SandboxEvents {
  const listeners = new Set<{ person: number; listener: (event: ChatEvent) => void }>();
  return {
    publish(event, readers) {
      for (const { person, listener } of listeners) if (readers === 'everyone' || readers.includes(person)) listener(event);
    },
    subscribe(person, listener) {
      const entry = { person, listener };
      listeners.add(entry);
      return () => listeners.delete(entry);
    },
  };
}
