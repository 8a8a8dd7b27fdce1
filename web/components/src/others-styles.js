// How the elements about other users look, on top of what all elements have. Must not know what is shown.

export const OTHERS_STYLES = `
.switches { display: flex; flex-wrap: wrap; gap: 0.6em 1.2em; margin-block-end: 0.8em; }
.switch { display: flex; }
.switch button { border-radius: 0; margin-inline-start: -1px; padding-inline: 0.8em; }
.switch button:first-child { border-start-start-radius: var(--_radius); border-end-start-radius: var(--_radius); margin-inline-start: 0; }
.switch button:last-child { border-start-end-radius: var(--_radius); border-end-end-radius: var(--_radius); }
.switch button[aria-pressed="true"] { color: var(--_on-color); background: var(--_active); border-color: var(--_active); z-index: 1; }
.switch button:focus-visible { z-index: 2; }
.label { font-weight: 600; margin-block-end: 0.4em; }
.board { inline-size: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
.board th, .board td { text-align: start; padding: 0.55em 0.6em; }
.board th { font-size: 0.875em; font-weight: 400; color: var(--_muted); }
.board tbody tr { border-block-start: 1px solid var(--_line); }
.board .rank { inline-size: 1%; white-space: nowrap; }
.board td.rank { font-weight: 700; }
.board .who { overflow-wrap: anywhere; }
.board .score { text-align: end; white-space: nowrap; }
.board td.score { font-weight: 600; }
.board .me { background: color-mix(in srgb, var(--_active) 14%, transparent); }
.board .first:not(.me) .rank { color: var(--_active); }
.board tbody tr:last-child { border-block-end: 1px solid var(--_line); }
.board + * { margin-block-start: 0.8em; }
.own { margin-block: 1em 0.4em; font-weight: 600; }
h3 { font: inherit; font-weight: 600; margin: 1.4em 0 0.6em; }
form { display: grid; gap: 0.7em; }
p + form { margin-block-start: 1em; }
form h3 { margin-block-end: 0; }
::placeholder { color: var(--_muted); opacity: 1; }
.fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 12em), 1fr)); gap: 0.7em; }
.field { display: grid; gap: 0.3em; font-weight: 600; min-inline-size: 0; }
.field input { font: inherit; font-weight: 400; color: inherit; background: var(--_surface); border: 1px solid var(--_line); border-radius: var(--_radius); inline-size: 100%; min-inline-size: 0; min-block-size: 2.75em; padding: 0.3em 0.8em; }
.hint { font-size: 0.875em; }
.taps { display: flex; flex-wrap: wrap; align-items: center; gap: 0.6em; margin-block-start: 0.5em; }
.main { color: var(--_on-color); background: var(--_active); border-color: var(--_active); justify-self: start; }
.asks { font-weight: 600; margin-block-start: 0.5em; }
.said:not(:empty) { margin-block-start: 0.8em; font-weight: 600; }
.people { display: grid; gap: 0.75em; }
.person { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0.1em 0.9em; padding: 0.9em 1.1em; border-radius: var(--_radius); background: color-mix(in srgb, var(--_muted) 9%, transparent); overflow-wrap: anywhere; }
.person.kept { background: color-mix(in srgb, var(--_flame) 14%, transparent); }
.person > * { grid-column: 2; }
.person > .together { grid-column: 1; grid-row: 1 / span 3; display: grid; justify-items: center; align-content: start; gap: 0.1em; min-inline-size: 3em; }
.together .flame { inline-size: 2em; block-size: 2em; stroke: var(--_flame); }
.kept .together .flame { fill: var(--_flame); }
.together b { font-size: 1.3em; line-height: 1; font-variant-numeric: tabular-nums; }
.line { display: flex; flex-wrap: wrap; align-items: center; gap: 0.3em 0.8em; padding-block: 0.6em; }
.line + .line { border-block-start: 1px solid var(--_line); }
.line .grow { min-inline-size: 0; overflow-wrap: anywhere; }
.line .taps { margin: 0; }
code { font: 700 1.1em ui-monospace, monospace; letter-spacing: 0.04em; }
`;
