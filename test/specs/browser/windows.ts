/** Each width with each colour scheme, and each language with each of both. */
export const WINDOWS = [
  { width: 1440, colorScheme: 'light', language: 'ko' },
  { width: 1440, colorScheme: 'dark', language: 'en' },
  { width: 390, colorScheme: 'light', language: 'en' },
  { width: 390, colorScheme: 'dark', language: 'ko' },
] as const;
