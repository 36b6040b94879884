import { type CSSVariablesResolver, createTheme } from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'indigo',
  // White on it and it on white differ by 4.5:1 at least; lighter shades do not.
  primaryShade: 7,
  autoContrast: true,
  fontFamily: 'system-ui, sans-serif',
  headings: { fontFamily: 'system-ui, sans-serif' },
  defaultRadius: 'md',
  respectReducedMotion: true,
  focusRing: 'auto',
});

/** Grey on white at 4.5:1 at least (WCAG 2.2, 1.4.3); Mantine's own dimmed text has less. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5c636a',
    '--mantine-color-placeholder': '#6b7177',
    '--mantine-color-error': '#c92a2a',
  },
  dark: {
    '--mantine-color-dimmed': '#a6abb0',
    '--mantine-color-placeholder': '#9a9fa4',
    '--mantine-color-error': '#ff8787',
  },
});
