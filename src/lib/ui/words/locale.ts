/** The language of all words here, and how numbers, days and times are written. */
export const LOCALE = 'en-GB';
