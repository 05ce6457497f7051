// How the portal looks: the person's choice, kept in this browser, or else the system's wish. The
// canvas is told a number, the page's own elements follow data-theme.
export type ThemeChoice = "system" | "light" | "dark" | "contrast";

const names = ["light", "dark", "contrast"] as const; // in the order of the program's themes
const key = "foyer-theme";
const dark = matchMedia("(prefers-color-scheme: dark)");
const contrast = matchMedia("(prefers-contrast: more)");

function chosen(): ThemeChoice {
  try {
    const kept = localStorage.getItem(key);
    return names.find((name) => name === kept) ?? "system";
  } catch {
    return "system"; // a browser that keeps nothing
  }
}

export function current_theme(): number {
  const choice = chosen();
  const wish = contrast.matches ? "contrast" : dark.matches ? "dark" : "light";
  const name = choice === "system" ? wish : choice;
  document.documentElement.dataset.theme = name;
  return names.indexOf(name);
}

export function choose_theme(choice: string): void {
  try {
    if (choice === "system") localStorage.removeItem(key);
    else localStorage.setItem(key, choice);
  } catch {
    document.documentElement.dataset.theme = choice;
  }
}

export function on_theme_change(changed: () => void): void {
  dark.addEventListener("change", changed);
  contrast.addEventListener("change", changed);
}
