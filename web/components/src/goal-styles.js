// How the elements about achievements and challenges look, on top of what all elements have. Must not know what is shown.

export const GOAL_STYLES = `
.goals { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17em), 1fr)); gap: 0.75em; }
.head { margin-block-end: 0.7em; font-weight: 600; }
.goal { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0.15em 0.9em; align-content: start; padding: 0.9em 1.1em; border-radius: var(--_radius); background: color-mix(in srgb, var(--_muted) 9%, transparent); overflow-wrap: anywhere; }
.goal.earned { background: color-mix(in srgb, var(--_flame) 14%, transparent); }
.goal > * { grid-column: 2; }
.goal > .disc { grid-column: 1; grid-row: 1 / span 2; inline-size: 2.4em; block-size: 2.4em; }
.goal .small { font-size: 0.875em; }
.goal .when { font-size: 0.875em; font-weight: 600; margin-block-start: 0.3em; }
.progress { display: flex; align-items: center; gap: 0.7em; margin-block-start: 0.45em; font-size: 0.875em; font-variant-numeric: tabular-nums; white-space: nowrap; }
progress { appearance: none; flex: 1 1 4em; min-inline-size: 2em; block-size: 0.6em; border: 0; border-radius: 1em; overflow: hidden; color: var(--_active); background: var(--_line); }
progress::-webkit-progress-bar { background: var(--_line); }
progress::-webkit-progress-value { background: var(--_active); border-radius: 1em; }
progress::-moz-progress-bar { background: var(--_active); border-radius: 1em; }
.taps { display: flex; flex-wrap: wrap; gap: 0.6em; margin-block-start: 0.6em; }
.taps .main { color: var(--_on-color); background: var(--_active); border-color: var(--_active); }
.asks { margin-block-start: 0.6em; font-weight: 600; }
.said:not(:empty) { margin-block-start: 0.8em; font-weight: 600; }
@media (forced-colors: active) {
  progress { appearance: auto; }
}
`;
