/** `tillflow text`: a shop's own wording of what its bot says. */
import { Argument, type Command } from 'commander';
import type { Shop } from '../../db/entities/shop.ts';
import { changeWording } from '../../db/repositories/wording.ts';
import { type Language, languages } from '../../domain/language.ts';
import { findProblem, isOwnText, lengthLimit, listOwnTexts, previewText, variablesOfText, wordingOf } from '../../texts/wording.ts';
import { quote, readSlug, withContext, needShop } from '../context.ts';
import { asJson, CommandError, print, table } from '../output.ts';

interface TextOptions {
  readonly shop: string;
  readonly language?: string;
}

interface TextView {
  readonly id: string;
  readonly language: Language;
  readonly own: string | null;
  /** As it reads, once for each plural form. */
  readonly reads: readonly string[];
  /** What ours reads like. */
  readonly default: readonly string[];
  readonly variables: readonly string[];
  readonly limit: number;
}

const named = () => new Argument('<id>', 'one that `text list --all` shows');
const languageOption = ['--language <code>', `one of ${languages.join(', ')}`] as const;

export function addTextCommands(program: Command): void {
  const text = program.command('text').description("a shop's own wording of what its bot says");
  text
    .command('list')
    .description("the shop's own texts, or all there are")
    .argument('[part]', 'of the id or of what it reads')
    .requiredOption('--shop <slug>', 'the shop')
    .option(...languageOption)
    .option('--all', 'also those that are ours')
    .action(async (part: string | undefined, options: TextOptions & { all?: true }, command: Command) => {
      await withContext(async (context) => {
        const shop = await needShop(await context.em(), readSlug(options.shop));
        const views = languagesOf(options).flatMap((language) => listOwnTexts().map((id) => viewOf(shop, language, id)));
        const fits = (view: TextView) =>
          (options.all || view.own !== null) &&
          (part === undefined || `${view.id} ${view.reads.join(' ')} ${view.default.join(' ')}`.toLowerCase().includes(part.toLowerCase()));
        const shown = views.filter(fits);
        print(asJson(command), shown, () => tellList(shown, options.all));
      });
    });

  text
    .command('show')
    .description('one text: as it reads, ours, its variables')
    .addArgument(named())
    .requiredOption('--shop <slug>', 'the shop')
    .option(...languageOption)
    .action(async (id: string, options: TextOptions, command: Command) => {
      await withContext(async (context) => {
        const known = readId(id);
        const shop = await needShop(await context.em(), readSlug(options.shop));
        const views = languagesOf(options).map((language) => viewOf(shop, language, known));
        print(asJson(command), views, () => views.map(tellView).join('\n\n'));
      });
    });

  text
    .command('set')
    .description('say it in the words of the shop, at once')
    .addArgument(named())
    .argument('<text>', 'with { $variables } and plural forms in Fluent’s syntax')
    .requiredOption('--shop <slug>', 'the shop')
    .requiredOption(...languageOption)
    .action(async (id: string, words: string, options: TextOptions, command: Command) => {
      await change(readId(id), words, options, command);
    });

  text
    .command('reset')
    .description('say it in our words again')
    .addArgument(named())
    .requiredOption('--shop <slug>', 'the shop')
    .option(...languageOption)
    .action(async (id: string, options: TextOptions, command: Command) => {
      await change(readId(id), undefined, options, command);
    });
}

/** `words` undefined: ours again. */
async function change(id: string, words: string | undefined, options: TextOptions, command: Command): Promise<void> {
  await withContext(async (context) => {
    const wanted = languagesOf(options);
    if (words !== undefined) for (const language of wanted) refuse(language, id, words);
    const shop = await needShop(await context.em(), readSlug(options.shop));
    const at = new Date();
    for (const language of wanted) {
      await changeWording(await context.em(), { shopId: shop.id, language, id, text: words, actor: 'cli', at });
    }
    const views = wanted.map((language) => viewOf(shop, language, id, words ?? null));
    print(asJson(command), views, () => views.map(tellView).join('\n\n'));
  });
}

/** @throws CommandError naming what does not fit */
function refuse(language: Language, id: string, words: string): void {
  const found = findProblem(language, id, words);
  if (!found) return;
  const variables = variablesOfText(id).map((name) => `{ $${name} }`);
  const takes = variables.length === 0 ? 'it takes no variables' : `it takes ${variables.join(', ')}`;
  const why = {
    unknownText: () => 'there is no such text',
    empty: () => 'it is empty; `text reset` takes ours again',
    control: () => 'it has control characters',
    syntax: () => 'it is not in Fluent’s syntax of a value: braces come in pairs, and plural forms have a line that begins with *[other]',
    unknownVariable: () => `there is no { $${'variable' in found ? found.variable : ''} }; ${takes}`,
    missingVariable: () => `it must say { $${'variable' in found ? found.variable : ''} }; ${takes}`,
    tooLong: () => ('length' in found ? `it reads ${found.length} characters, ${found.limit} fit` : ''),
  }[found.problem]();
  throw new CommandError(`text: ${why}.`, 2);
}

function languagesOf({ language }: TextOptions): Language[] {
  if (language === undefined) return [...languages];
  const known = languages.filter((name) => name === language);
  if (known.length === 0) throw new CommandError(`language: ${quote(language)} is none of ${languages.join(', ')}.`, 2);
  return known;
}

function readId(id: string): string {
  if (isOwnText(id)) return id;
  throw new CommandError(`id: ${quote(id)} is no text a shop can word; \`text list --all\` shows them.`, 2);
}

function viewOf(shop: Shop, language: Language, id: string, now?: string | null): TextView {
  const own = now === undefined ? (wordingOf(shop, language)[id] ?? null) : now;
  return {
    id,
    language,
    own,
    reads: previewText(language, id, own ?? undefined),
    default: previewText(language, id),
    variables: variablesOfText(id),
    limit: lengthLimit(id),
  };
}

/** A text in a table is one line of it. */
const brief = (words: string) => (words.length > 60 ? `${words.slice(0, 59)}…` : words).replaceAll('\n', ' ⏎ ');

function tellList(views: readonly TextView[], all: true | undefined): string {
  if (views.length === 0) return all ? 'No text is like that.' : 'The shop has no such texts of its own. `text list --all` shows ours.';
  return table(
    ['text', 'language', '', 'reads'],
    views.map(({ id, language, own, reads: [words = ''] }) => [id, language, own === null ? '' : 'own', brief(words)]),
  );
}

function tellView({ id, language, own, reads, default: ours, variables, limit }: TextView): string {
  const names = variables.map((name) => `{ $${name} }`).join(', ');
  return [
    `${id}, ${language}, ${own === null ? 'in our words' : 'in the words of the shop'}`,
    `  variables: ${names === '' ? 'none' : names}; at most ${limit} characters`,
    ...reads.map((words) => `  reads: ${words.replaceAll('\n', '\n         ')}`),
    ...(own === null ? [] : ours.map((words) => `  ours:  ${words.replaceAll('\n', '\n         ')}`)),
  ].join('\n');
}
