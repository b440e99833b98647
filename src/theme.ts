import { createTheme } from '@mantine/core';
import type { CSSVariablesResolver, MantineColorsTuple } from '@mantine/core';

import { pageFont } from './hooks/use-font-is-there.ts';

const teal: MantineColorsTuple = [
  '#e8f7f6',
  '#d0eeec',
  '#a3dcd9',
  '#6fc6c2',
  '#4fc0bb',
  '#1d938f',
  '#0b7c79',
  '#086664',
  '#075150',
  '#053c3b',
];

const gray: MantineColorsTuple = [
  '#f6f8f9',
  '#eef1f3',
  '#e2e7ea',
  '#d0d8dd',
  '#87949d',
  '#63707a',
  '#56636c',
  '#434e56',
  '#2a333a',
  '#161d22',
];

const dark: MantineColorsTuple = [
  '#e3e9ec',
  '#c3ccd2',
  '#9babb4',
  '#8c9ba4',
  '#2f3940',
  '#252e34',
  '#171e23',
  '#11171b',
  '#0c1114',
  '#080b0d',
];

const red: MantineColorsTuple = [
  '#fdf0ef',
  '#fbdedb',
  '#f7bdb8',
  '#f29b94',
  '#ff8a80',
  '#dc4a43',
  '#c02626',
  '#a51f1f',
  '#861b1b',
  '#5e1414',
];

const controlHeight = 'var(--sw-control-height)';

/** Every control is 32 px high (28 px as `xs`), whatever component it is. */
function heightFor(size: unknown): string {
  return size === 'xs' ? '1.75rem' : controlHeight;
}

function inputVars(_theme: unknown, props: { size?: unknown }) {
  return { wrapper: { '--input-height': heightFor(props.size), '--input-fz': '0.875rem' } };
}

/** The one theme. Colours that carry meaning are tokens in styles/tokens.css. */
export const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: { light: 6, dark: 6 },
  colors: { teal, gray, dark, red },
  black: '#161d22',
  fontFamily: `'${pageFont}', system-ui, sans-serif`,
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, monospace",
  fontSizes: { xs: '0.75rem', sm: '0.875rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  lineHeights: { xs: '1.35', sm: '1.45', md: '1.45', lg: '1.5', xl: '1.4' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  fontWeights: { regular: '400', medium: '500', bold: '600' },
  radius: { xs: '0.125rem', sm: '0.25rem', md: '0.375rem', lg: '0.5rem', xl: '2rem' },
  defaultRadius: 'md',
  headings: {
    fontWeight: '600',
    textWrap: 'balance',
    sizes: {
      h1: { fontSize: '1.25rem', lineHeight: '1.4' },
      h2: { fontSize: '1rem', lineHeight: '1.5' },
      h3: { fontSize: '0.875rem', lineHeight: '1.45' },
      h4: { fontSize: '0.875rem', lineHeight: '1.45' },
      h5: { fontSize: '0.75rem', lineHeight: '1.35' },
      h6: { fontSize: '0.75rem', lineHeight: '1.35' },
    },
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  activeClassName: '',
  components: {
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: '1.75rem' } },
    Button: {
      vars: (_theme: unknown, props: { size?: unknown }) => ({
        root: {
          '--button-height': heightFor(props.size),
          '--button-padding-x': '0.75rem',
          '--button-fz': '0.875rem',
        },
      }),
    },
    Checkbox: { defaultProps: { size: 'xs' } },
    CloseButton: { defaultProps: { 'aria-label': 'Close' } },
    Input: { vars: inputVars },
    InputWrapper: {
      vars: () => ({
        label: { '--input-label-size': '0.75rem' },
        error: { '--input-error-size': '0.75rem' },
        description: { '--input-description-size': '0.75rem' },
      }),
    },
    Menu: { defaultProps: { shadow: 'md', offset: 4, withInitialFocusPlaceholder: false } },
    Modal: {
      defaultProps: {
        padding: 'md',
        yOffset: '10vh',
        transitionProps: { duration: 120, transition: 'fade' },
      },
    },
    // Where the page moves beneath it, what floats goes where there is room.
    Popover: { defaultProps: { shadow: 'md', preventPositionChangeWhenVisible: false } },
    Radio: { defaultProps: { size: 'xs' } },
  },
});

/** Points Mantine's own variables at our tokens, so that both speak the same colours. */
export const cssVariablesResolver: CSSVariablesResolver = () => {
  const both = {
    '--mantine-color-body': 'var(--sw-surface)',
    '--mantine-color-text': 'var(--sw-text)',
    '--mantine-color-bright': 'var(--sw-text)',
    '--mantine-color-dimmed': 'var(--sw-text-dim)',
    '--mantine-color-placeholder': 'var(--sw-text-placeholder)',
    '--mantine-color-anchor': 'var(--sw-accent-text)',
    '--mantine-color-error': 'var(--sw-danger)',
    '--mantine-color-default': 'var(--sw-surface)',
    '--mantine-color-default-hover': 'var(--sw-surface-hover)',
    '--mantine-color-default-color': 'var(--sw-text)',
    '--mantine-color-default-border': 'var(--sw-control-line)',
    '--mantine-color-teal-text': 'var(--sw-accent-text)',
    '--mantine-color-red-text': 'var(--sw-danger)',
    '--mantine-color-gray-text': 'var(--sw-text-dim)',
    '--mantine-color-teal-light': 'var(--sw-surface-active)',
    '--mantine-color-teal-light-hover': 'var(--sw-surface-active-hover)',
    '--mantine-color-teal-light-color': 'var(--sw-accent-text)',
    '--mantine-shadow-md': 'var(--sw-shadow)',
    '--mantine-shadow-xl': 'var(--sw-shadow)',
    '--mantine-color-disabled': 'var(--sw-surface-sunken)',
    '--mantine-color-disabled-color': 'var(--sw-text-dim)',
  };
  return { variables: {}, light: both, dark: both };
};
