import { useEffect, useState } from 'react';
import { Switch } from './switch.tsx';

const themes = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;
type Theme = (typeof themes)[number]['value'];

/** `?theme=dark` starts with one of them. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(firstTheme);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    localStorage.setItem('theme', theme);
  }, [theme]);
  return <Switch label="Theme" choices={themes} value={theme} onChange={setTheme} />;
}

function firstTheme(): Theme {
  const wanted = new URLSearchParams(location.search).get('theme') ?? localStorage.getItem('theme');
  return themes.find(({ value }) => value === wanted)?.value ?? 'system';
}
