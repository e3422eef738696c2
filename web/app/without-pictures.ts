/** What stands before words in a chat; the app draws icons of its own. */
const pictures = /\p{Extended_Pictographic}\uFE0F? ?/gu;

export const withoutPictures = (text: string): string => text.replaceAll(pictures, '');
