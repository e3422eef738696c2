/** Contents of goods: a line of text, an address to open, or a file. */

export type Content =
  | { readonly kind: 'line' | 'link'; readonly text: string }
  | { readonly kind: 'file'; readonly name: string; readonly mediaType: string; readonly bytes: Uint8Array };

export type TextContent = Extract<Content, { text: string }>;

/** The largest file that is sold, bytes. */
export const fileBytesLimit = 10 * 1024 * 1024;

/** Longest address, characters. */
const addressLimit = 2048;

/** The text itself when all of it is one https address. */
export function asAddress(content: string): string | undefined {
  const text = content.trim();
  return /^https:\/\/\S+$/.test(text) && text.length <= addressLimit && URL.canParse(text) ? text : undefined;
}

/** Why a content cannot be sold, by the field that is wrong; undefined when it can. */
export function misfitOfContent(content: Content): 'text' | 'name' | 'mediaType' | 'bytes' | undefined {
  if (content.kind !== 'file') {
    const fits = content.kind === 'link' ? asAddress(content.text) !== undefined : content.text.trim() !== '';
    return fits && content.text.isWellFormed() ? undefined : 'text';
  }
  // Telegram and whoever stores it take a name, never a path.
  if (!/^[^/\\\p{Cc}]{1,120}$/u.test(content.name) || content.name.startsWith('.')) return 'name';
  if (!/^[a-z]+\/[a-z0-9.+-]{1,80}$/.test(content.mediaType)) return 'mediaType';
  return content.bytes.length >= 1 && content.bytes.length <= fileBytesLimit ? undefined : 'bytes';
}
