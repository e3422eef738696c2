/** What the page knows and what it can do. Components read `state` and call actions; nothing else changes it. */
import type { ChatBot, ChatEvent, ChatMessage, ChatPerson, ChatSummary, InvoiceView } from '../../telegram/chat-contract.ts';
import { client, listen } from './client.ts';
import { writeClipboard } from './clipboard.ts';
import { besidePage, mergeMessages, placeFromAddress, telegramLink } from './model.ts';
import { createShareActions, type Draft, type Sharing } from './share.ts';

const pageSize = 40;
const toastSeconds = 3;
const typingSeconds = 5;
/** How long a chat waits for its stream before it is shown without. */
const streamSeconds = 1;

/** The sheet that asks for Stars. */
export interface Sheet {
  invoice: InvoiceView;
  /** Where to pay: a link's slug, or the invoice message. */
  target: { slug: string } | { bot: string; chatId: number; messageId: number };
  stage: 'asking' | 'paying' | 'paid';
  problem?: string;
}

export interface State {
  stage: 'opening' | 'ready' | 'failed';
  problem?: string;
  bots: ChatBot[];
  people: ChatPerson[];
  /** Unread messages of every person looked at so far, by person id. */
  unread: Record<number, number>;
  person: number;
  bot: string;
  chatId: number;
  chats: ChatSummary[];
  messages: ChatMessage[];
  loading: boolean;
  hasOlder: boolean;
  typing: boolean;
  connected: boolean;
  /** Inline buttons waiting for their answer: `<messageId>:<row>:<column>`. */
  pressed: ReadonlySet<string>;
  /** Message whose one-time reply keyboard has been used. */
  usedKeyboard: number;
  toast?: string;
  alert?: string;
  sheet?: Sheet;
  photo?: { fileId: string; words: string };
  sharing?: Sharing;
  draft?: Draft;
  /** The Mini App that lies over the chat. `launchedAt` in ms tells one opening from the next. */
  miniApp?: { url: string; bot: string; initData: string; launchedAt: number };
  sideOpen: boolean;
  /** Grows with every event of the chat: the bar looks again. */
  changes: number;
}

export const initialState: State = {
  stage: 'opening',
  bots: [],
  people: [],
  unread: {},
  person: 0,
  bot: '',
  chatId: 0,
  chats: [],
  messages: [],
  loading: false,
  hasOlder: false,
  typing: false,
  connected: true,
  pressed: new Set(),
  usedKeyboard: 0,
  sideOpen: false,
  changes: 0,
};

export function createStore() {
  let state = initialState;
  const listeners = new Set<() => void>();
  let stopListening: (() => void) | undefined;
  const timers: Record<string, ReturnType<typeof setTimeout>> = {};

  const set = (change: Partial<State>) => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };
  const later = (name: string, seconds: number, action: () => void) => {
    clearTimeout(timers[name]);
    timers[name] = setTimeout(action, seconds * 1000);
  };
  const toast = (words: string) => {
    set({ toast: words });
    later('toast', toastSeconds, () => set({ toast: undefined }));
  };
  /** Runs an action and shows in words what went wrong. */
  const attempt = async <T>(action: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await action();
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  };
  const at = (person: number, bot: string, chatId: number) => state.person === person && state.bot === bot && state.chatId === chatId;

  /** Bots with the menu this person sees. */
  async function loadBots() {
    const { person } = state;
    const bots = await client.bots(person);
    if (state.person === person) set({ bots });
  }

  async function loadChats() {
    const { person, bots } = state;
    const lists = await Promise.all(bots.map((bot) => client.chats(person, bot.username)));
    if (state.person !== person) return;
    const chats = lists.flat().sort((a, b) => (b.lastMessage?.date ?? 0) - (a.lastMessage?.date ?? 0));
    const unread = chats.reduce((sum, chat) => sum + (isOpen(chat) ? 0 : chat.unread), 0);
    set({ chats, unread: { ...state.unread, [person]: unread } });
  }
  const isOpen = (chat: ChatSummary) => chat.bot === state.bot && chat.chatId === state.chatId;

  /** Others' badges: one look at each person's chats, asked when the page opens and when the open chat is quiet. */
  async function countUnreadOfOthers() {
    for (const { id } of state.people) {
      if (id === state.person) continue;
      const lists = await Promise.all(state.bots.map((bot) => client.chats(id, bot.username)));
      if (id !== state.person) set({ unread: { ...state.unread, [id]: lists.flat().reduce((sum, chat) => sum + chat.unread, 0) } });
    }
  }

  async function loadMessages() {
    const { person, bot, chatId } = state;
    const messages = await client.messages(person, bot, chatId, pageSize);
    if (!at(person, bot, chatId)) return;
    const kept = besidePage(messages, state.messages);
    const hasPages = kept.some(({ id }) => id < (messages[0]?.id ?? 0));
    set({ messages: mergeMessages(kept, messages), hasOlder: hasPages ? state.hasOlder : messages.length >= pageSize, loading: false });
  }

  async function openChat(bot: string, chatId: number) {
    set({
      bot,
      chatId,
      messages: [],
      loading: true,
      hasOlder: false,
      typing: false,
      sheet: undefined,
      miniApp: undefined,
      sideOpen: false,
      usedKeyboard: 0,
    });
    history.replaceState(null, '', `?${new URLSearchParams({ person: String(state.person), bot, chat: String(chatId) })}`);
    await attempt(async () => {
      await loadMessages();
      await loadChats();
    });
    set({ loading: false });
  }

  async function switchPerson(person: number, wanted?: { bot?: string; chat?: number }) {
    const bot = wanted?.bot ?? (state.bot || state.bots[0]?.username || '');
    const chatId = wanted?.chat ?? person;
    // The chat is the one that is written to from now on: words typed while it opens stay.
    const shown = { toast: undefined, alert: undefined, photo: undefined, sharing: undefined };
    set({ person, bot, chatId, chats: [], messages: [], loading: true, pressed: new Set(), ...shown });
    sessionStorage.setItem('person', String(person));
    stopListening?.();
    let isRead = false;
    const streamed = new Promise<void>((resolve) => {
      stopListening = listen(person, {
        event: (data) => receive(person, data as ChatEvent),
        open: () => {
          set({ connected: true });
          resolve();
          // What happened meanwhile was not streamed: look again.
          if (isRead) void attempt(async () => Promise.all([loadMessages(), loadChats()]));
        },
        lost: () => set({ connected: false }),
      });
    });
    void loadBots().catch(() => undefined);
    // Read once the stream is open, nothing falls in between.
    await Promise.race([streamed, new Promise((resolve) => setTimeout(resolve, streamSeconds * 1000))]);
    if (state.person !== person) return;
    isRead = true;
    await openChat(bot, chatId);
    void countUnreadOfOthers().catch(() => undefined);
  }

  function receive(person: number, event: ChatEvent) {
    if (person !== state.person) return;
    set({ changes: state.changes + 1 });
    if (at(person, event.bot, event.chatId)) applyToOpenChat(event);
    if (event.type === 'commands') void loadBots().catch(() => undefined);
    else if (event.type !== 'chatAction') {
      later('chats', 0.25, () => void loadChats().catch(() => undefined));
      later('others', 1.5, () => void countUnreadOfOthers().catch(() => undefined));
    }
  }

  function applyToOpenChat(event: ChatEvent) {
    if (event.type === 'chatAction') {
      set({ typing: true });
      later('typing', typingSeconds, () => set({ typing: false }));
    } else if (event.type === 'delete') {
      set({ messages: state.messages.filter((message) => message.id !== event.messageId) });
    } else if (event.message) {
      const fromBot = event.message.from?.isBot === true;
      set({ messages: mergeMessages(state.messages, [event.message]), typing: fromBot ? false : state.typing });
      // A look at the newest message marks it read.
      if (event.type === 'message' && fromBot) later('read', 0.3, () => void markRead().catch(() => undefined));
    }
  }

  async function markRead() {
    const { person, bot, chatId } = state;
    await client.messages(person, bot, chatId, 1);
    await loadChats();
  }

  const actions = {
    async open() {
      try {
        const [bots, people] = await Promise.all([client.bots(), client.people()]);
        const wanted = placeFromAddress(location.search);
        const remembered = Number(sessionStorage.getItem('person'));
        const person = [wanted.person, remembered].find((id) => people.some((one) => one.id === id)) ?? people[0]?.id;
        const bot = bots.find((one) => one.username === wanted.bot)?.username ?? bots[0]?.username;
        if (person === undefined || bot === undefined) throw new Error('The sandbox knows no bot and no people yet.');
        set({ stage: 'ready', bots, people });
        await switchPerson(person, { bot, chat: wanted.person === person ? wanted.chat : undefined });
      } catch (error) {
        set({ stage: 'failed', problem: error instanceof Error ? error.message : String(error) });
        later('open', 2, () => void actions.open());
      }
    },
    switchPerson,
    openChat,
    toast,
    async addPerson(firstName: string, languageCode: string) {
      const added = await attempt(() => client.addPerson({ firstName, languageCode }));
      if (!added) return;
      set({ people: await client.people() });
      await switchPerson(added.id);
    },
    async loadOlder() {
      const { person, bot, chatId, messages, loading, hasOlder } = state;
      if (loading || !hasOlder || !messages[0]) return;
      set({ loading: true });
      const older = await attempt(() => client.messages(person, bot, chatId, pageSize, messages[0]?.id));
      if (!at(person, bot, chatId)) return;
      set({ loading: false, messages: mergeMessages(state.messages, older ?? []), hasOlder: (older?.length ?? 0) >= pageSize });
    },
    /** @returns whether it was sent, so that the words stay in the input when it was not. */
    async send(text: string): Promise<boolean> {
      const { bot, person, chatId } = state;
      const sent = await attempt(async () => {
        await client.send({ bot, person, chatId, text });
        return true;
      });
      return sent ?? false;
    },
    /** Pictures go as photos, anything else as a document. @returns whether it was sent */
    async sendFile(file: File, caption: string): Promise<boolean> {
      const { bot, person, chatId } = state;
      const kind = /^image\/(png|jpeg|webp)$/.test(file.type) ? 'photo' : 'document';
      const sent = await attempt(async () => {
        await client.sendFile({ bot, person, chatId, kind, caption, file });
        return true;
      });
      return sent ?? false;
    },
    async tap(messageId: number, row: number, column: number, data: string) {
      const key = `${messageId}:${row}:${column}`;
      if (state.pressed.has(key)) return;
      set({ pressed: new Set([...state.pressed, key]) });
      const { bot, person, chatId } = state;
      const result = await attempt(() => client.tap({ bot, person, chatId, messageId, row, column, data }));
      set({ pressed: new Set([...state.pressed].filter((other) => other !== key)) });
      if (result?.answer?.url) await actions.openLink(result.answer.url);
      if (result && !result.answer) toast('The bot did not answer.');
      if (!result?.answer?.text) return;
      if (result.answer.showAlert) set({ alert: result.answer.text });
      else toast(result.answer.text);
    },
    async openLink(url: string) {
      const link = telegramLink(url);
      if (!link) {
        window.open(url, '_blank', 'noopener,noreferrer');
      } else if (link.kind === 'invoice') {
        const invoice = await attempt(() => client.invoice(link.slug));
        if (invoice) await actions.askForStars(invoice, { slug: link.slug });
      } else if (link.kind === 'share') {
        actions.share(link.words);
      } else if (!state.bots.some((bot) => bot.username.toLowerCase() === link.bot.toLowerCase())) {
        toast(`There is no @${link.bot} in the sandbox.`);
      } else {
        const username = state.bots.find((bot) => bot.username.toLowerCase() === link.bot.toLowerCase())?.username ?? link.bot;
        await openChat(username, state.person);
        const menu = state.bots.find((bot) => bot.username === username)?.menuButton;
        if (link.startApp !== undefined && menu) return actions.openMiniApp(menu.url, link.startApp);
        if (link.start !== undefined) await actions.send(link.start ? `/start ${link.start}` : '/start');
      }
    },
    /** Opens an address as the bot's Mini App, with what Telegram signs about the person. */
    async openMiniApp(url: string, startParam?: string) {
      const { bot, person } = state;
      const signed = await attempt(() => client.initData({ bot, person, startParam }));
      if (signed && state.person === person && state.bot === bot) {
        set({ miniApp: { url, bot, initData: signed.initData, launchedAt: Date.now() } });
      }
    },
    async askForStars(invoice: InvoiceView, target: Sheet['target']) {
      set({ sheet: { invoice, target, stage: 'asking' } });
      const people = await attempt(() => client.people());
      if (people) set({ people });
    },
    async payStars() {
      const { sheet, person } = state;
      if (sheet?.stage !== 'asking') return;
      set({ sheet: { ...sheet, stage: 'paying', problem: undefined } });
      const result = await attempt(() => client.pay({ person, ...sheet.target }));
      if (!state.sheet) return;
      if (result?.status === 'paid') {
        set({ sheet: { ...state.sheet, stage: 'paid' } });
        later('sheet', 1.6, () => set({ sheet: undefined }));
      } else {
        const problem =
          result?.error ??
          (result?.status === 'timeout' ? 'The shop did not answer in time. Nothing was paid.' : 'The payment did not go through.');
        set({ sheet: { ...state.sheet, stage: 'asking', problem } });
      }
      const people = await attempt(() => client.people());
      if (people) set({ people });
    },
    async copy(text: string) {
      const copied = await writeClipboard(text);
      toast(copied ? 'Copied' : 'Copying is not allowed here; select the text instead.');
    },
    async block(blocked: boolean) {
      await attempt(() => client.block(state.bot, state.person, blocked));
      await attempt(loadChats);
    },
    ...createShareActions({ state: () => state, set, attempt, openChat }),
    set,
  };

  return {
    get state() {
      return state;
    },
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    actions,
  };
}

export type Store = ReturnType<typeof createStore>;
export type Actions = Store['actions'];
