/** The demo shop's bot, known to the sandbox from its first start. */
export const demoBotToken = '100000001:sandboxDemoTokenAAAAAAAAAAAAAAAAAAAAA';
export const demoBotUsername = 'demo_tillflow_bot';
export const demoBotName = 'Tillflow Demo';

/** The group where the demo shop's staff read of orders. */
export const staffChatId = -5001;

/** Where customers show each other what they found. Whoever is new is in it too. */
export const friendsChatId = -5002;

export const demoPeople = [
  { id: 1001, firstName: 'Anna', username: 'anna_demo', languageCode: 'en' },
  { id: 1002, firstName: 'Boris', username: 'boris_demo', languageCode: 'ru' },
  { id: 1003, firstName: 'Celina', username: 'celina_demo', languageCode: 'pl' },
  { id: 2001, firstName: 'Olga', username: 'olga_demo', languageCode: 'en' },
  { id: 2002, firstName: 'Marek', username: 'marek_demo', languageCode: 'pl' },
] as const;

export const demoStaffIds = [2001, 2002] as const;
export const demoFriendIds = [1001, 1002, 1003] as const;
