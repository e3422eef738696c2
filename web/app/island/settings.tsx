/** @jsxImportSource hono/jsx/dom */
/** What a customer may set: the language, which the chat speaks too. */
import { languages } from '../../../domain/language.ts';
import { useApp, useOnce } from './app-context.ts';
import { Heading } from './parts.tsx';
import { sayProblem } from './problem.tsx';

/** Each in its own words, so that who cannot read the others finds theirs. */
const names: Readonly<Record<(typeof languages)[number], string>> = { en: 'English', ru: 'Русский', pl: 'Polski' };

export function Settings() {
  const { texts, api, speak, feel, toast } = useApp();
  const choose = useOnce(async (language: string) => {
    feel('choose');
    try {
      await speak(await api.saveSettings({ language }));
    } catch (err) {
      feel('error');
      toast(sayProblem(texts, err));
    }
  });
  return (
    <>
      <Heading>{texts.say('app-settings')}</Heading>
      <fieldset class="sheet options" disabled={choose.isBusy}>
        <legend>{texts.say('app-language')}</legend>
        {languages.map((language) => (
          <label key={language} class="option" data-testid={`language-${language}`}>
            <input
              type="radio"
              name="language"
              value={language}
              checked={language === texts.language}
              onChange={() => choose.run(language)}
            />
            <span class="option-words" lang={language}>
              {names[language]}
            </span>
          </label>
        ))}
      </fieldset>
    </>
  );
}
