// How the elements about notices look, on top of what all elements have. Must not know what is shown.

export const NOTICE_STYLES = `
.head { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0.5em 1em; margin-block-end: 0.6em; }
.unread { display: flex; align-items: center; gap: 0.5em; font-weight: 600; }
.bubble { min-inline-size: 1.75em; padding: 0.1em 0.5em; border-radius: 1em; text-align: center; font-weight: 700; font-variant-numeric: tabular-nums; color: var(--_on-color); background: var(--_active); }
.notice { display: grid; grid-template-columns: auto 1fr; gap: 0 0.8em; padding-block: 0.8em; position: relative; }
.notice + .notice { border-block-start: 1px solid var(--_line); }
.notice .disc { grid-row: span 3; inline-size: 2.4em; block-size: 2.4em; }
.notice p { grid-column: 2; overflow-wrap: anywhere; }
.notice.new .what::after { content: ""; display: inline-block; inline-size: 0.6em; block-size: 0.6em; margin-inline-start: 0.5em; border-radius: 50%; background: var(--_active); }
.notice:not(.new) .what { font-weight: 400; }
.notice .when { font-size: 0.875em; }

form { display: grid; gap: 1.1em; }
.kinds { inline-size: 100%; border-collapse: collapse; }
.kinds caption { padding-block-end: 0.2em; }
.kinds th { text-align: start; font-weight: 400; padding-block: 0.2em; padding-inline-end: 0.6em; }
.kinds thead th { font-size: 0.875em; color: var(--_muted); white-space: nowrap; }
.kinds tbody th { overflow-wrap: anywhere; hyphens: auto; }
.kinds .choice { text-align: center; padding-inline: 0.2em; }
.kinds tbody tr { border-block-start: 1px solid var(--_line); }
.choice label { display: grid; place-items: center; min-block-size: 2.75em; min-inline-size: 2.75em; cursor: pointer; }
input[type="checkbox"] { inline-size: 1.25em; block-size: 1.25em; margin: 0; accent-color: var(--_active); }
.times { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 9em), 1fr)); gap: 0.8em; }
.field { display: grid; gap: 0.3em; font-weight: 600; min-inline-size: 0; align-content: start; }
.field > input, .field > select { font: inherit; font-weight: 400; color: inherit; background: var(--_surface); border: 1px solid var(--_line); border-radius: var(--_radius); inline-size: 100%; min-inline-size: 0; min-block-size: 2.75em; padding: 0.3em 0.8em; }
option { color: initial; background: initial; }
.hint { font-size: 0.875em; font-weight: 400; }
.times + .hint { margin-block-start: 0.3em; }
.actions { display: flex; flex-wrap: wrap; align-items: center; gap: 0.6em 1em; }
.actions button { color: var(--_on-color); background: var(--_active); border-color: var(--_active); }
`;
