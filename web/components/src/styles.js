// How it looks: every colour is a variable of CSS, light and dark, and all directions are those of the text. Must not know what is shown.

export const STYLES = `
:host {
  --_text: var(--streak-text, light-dark(#1b1d22, #eceef2));
  --_muted: var(--streak-muted, light-dark(#555b67, #a9b0bd));
  --_surface: var(--streak-surface, light-dark(#ffffff, #16181d));
  --_line: var(--streak-line, light-dark(#d5d9e0, #3a3f4a));
  --_flame: var(--streak-flame, light-dark(#d9480f, #ff922b));
  --_active: var(--streak-active, light-dark(#c2410c, #ff922b));
  --_protected: var(--streak-protected, light-dark(#1864ab, #74c0fc));
  --_missed: var(--streak-missed, light-dark(#a61e4d, #faa2c1));
  --_on-color: var(--streak-on-color, light-dark(#ffffff, #16181d));
  --_focus: var(--streak-focus, light-dark(#1864ab, #74c0fc));
  --_glow: var(--streak-glow, light-dark(#ffc53d, #ffec99));
  --_radius: var(--streak-radius, 0.75rem);
  display: block;
  position: relative;
  isolation: isolate;
  color: var(--_text);
  background: var(--_surface);
  font: var(--streak-font, inherit);
}
:host([hidden]) { display: none; }
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
:host([theme="auto"]) { color-scheme: light dark; }
* { box-sizing: border-box; }
ol, ul { list-style: none; margin: 0; padding: 0; }
p, h2, dl, dd { margin: 0; font: inherit; }
h2, caption { font-weight: 600; text-align: start; }
h2 { margin-block: 1.4em 0.7em; }
.heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.muted { color: var(--_muted); }
.grow { flex: 1 1 12em; }
svg { inline-size: 1.25em; block-size: 1.25em; flex: none; }
.picture { fill: none; stroke: currentColor; stroke-width: 2.5; stroke-linecap: round; stroke-linejoin: round; }
:focus-visible { outline: 2px solid var(--_focus); outline-offset: 2px; }
button { font: inherit; font-weight: 600; color: inherit; background: none; border: 1px solid var(--_line); border-radius: var(--_radius); padding: 0.4em 1em; min-block-size: 2.75em; cursor: pointer; }
p + button, ol + button { margin-block-start: 0.7em; }
button:hover { border-color: currentColor; }

.badge { display: inline-flex; align-items: center; gap: 0.45em; padding: 0.45em 0.9em; position: relative; border-radius: 2em; background: color-mix(in srgb, var(--_shade, var(--_muted)) 12%, transparent); }
.badge .flame { inline-size: 2em; block-size: 2em; }
.flame { fill: none; stroke: var(--_muted); stroke-width: 1.5; stroke-linejoin: round; }
.flame .core { display: none; stroke: none; }
.badge.extended, .badge.pending { --_shade: var(--_flame); }
.badge.protected { --_shade: var(--_protected); }
.badge:is(.extended, .protected) .flame { fill: var(--_shade); stroke: var(--_shade); }
.badge:is(.extended, .protected) .core { display: inline; fill: var(--_glow); }
.badge.protected .core { fill: var(--_surface); }
.badge.pending .flame { stroke: var(--_flame); }
.length { font-size: 1.6em; line-height: 1; font-weight: 800; font-variant-numeric: tabular-nums; }
.deadline { font-size: max(0.55em, 0.875rem); }
@media not (prefers-reduced-motion: reduce) {
  .badge.pending .flame { animation: flicker 2s ease-in-out infinite alternate; transform-origin: 50% 90%; }
  @keyframes flicker { from { transform: scale(1); } to { transform: scale(1.06, 0.97); } }
}

.week { display: grid; grid-template-columns: repeat(7, minmax(2.25em, 1fr)); text-align: center; }
.day { display: grid; gap: 0.4em; justify-items: center; position: relative; font-size: 0.9375em; }
.disc { z-index: 1; display: grid; place-items: center; inline-size: 2.6em; block-size: 2.6em; border-radius: 50%; position: relative; }
.link { position: absolute; inset-block-end: 1.05em; inset-inline-end: 50%; inline-size: 100%; block-size: 0.5em; background: color-mix(in srgb, var(--_active) 35%, var(--_surface)); }
.ticks { display: flex; flex-wrap: wrap; gap: 0.5em; margin-block-start: 1.1em; font-size: 0.9375em; }
.tick { display: flex; align-items: center; gap: 0.45em; position: relative; padding-inline-end: 0.6em; }
.box { display: grid; place-items: center; inline-size: 1.5em; block-size: 1.5em; border-radius: 0.45em; }
.box svg { inline-size: 1em; block-size: 1em; }
.bonus { display: flex; align-items: center; gap: 0.8em; margin-block-start: 1.1em; padding: 0.8em 1em; border-radius: var(--_radius); background: color-mix(in srgb, var(--_muted) 10%, transparent); }
.bonus.on { background: color-mix(in srgb, var(--_flame) 14%, transparent); }
.count, .big { font-size: 1.6em; line-height: 1.1; font-weight: 800; font-variant-numeric: tabular-nums; position: relative; }
.note { margin-block-start: 0.6em; font-size: 0.875em; }

.months { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 1.25em; }
.month { border-collapse: separate; border-spacing: 0.2em; text-align: center; }
caption { padding-block-end: 0.4em; }
.month th { font-weight: 400; font-size: 0.8em; }
.month td { inline-size: 2.6em; min-inline-size: 2.6em; block-size: 2.8em; padding: 0.1em; font-size: 0.875em; line-height: 1.15; }
.cell { border-radius: 0.6em; }
.cell .number { display: block; font-variant-numeric: tabular-nums; }
.cell svg { inline-size: 1em; block-size: 1em; vertical-align: top; }
.detail { min-block-size: 1.5em; margin-block-start: 0.6em; font-weight: 600; }

.offers { display: grid; gap: 0.75em; }
.offer { text-align: start; display: grid; gap: 0.35em; justify-items: start; border-inline-start: 0.3em solid var(--_protected); border-radius: var(--_radius); padding: 0.9em 1.1em; background: color-mix(in srgb, var(--_protected) 9%, transparent); }
.what { font-weight: 600; }
.offer button { margin-block-start: 0.4em; color: var(--_on-color); background: var(--_protected); border-color: var(--_protected); }
button[aria-disabled] { opacity: 0.75; cursor: default; }

.event { display: grid; grid-template-columns: auto 1fr auto; align-items: center; column-gap: 0.8em; padding-block: 0.6em; }
.event + .event { border-block-start: 1px solid var(--_line); }
.event .disc { z-index: 1; grid-row: span 2; inline-size: 2.4em; block-size: 2.4em; }
.event .when { font-size: 0.875em; grid-column: 2; }
.event button { grid-row: 1 / span 2; grid-column: 3; border-color: transparent; color: var(--_protected); }
.why { grid-column: 2 / -1; padding-block-start: 0.4em; }

.chance { flex-wrap: wrap; display: flex; align-items: center; gap: 0.9em; }
.ring { inline-size: 4em; block-size: 4em; fill: none; stroke-width: 5; }
.rest { stroke: var(--_line); }
.part { stroke: var(--_active); stroke-linecap: round; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5em, 1fr)); gap: 0.6em; margin-block-start: 1.2em; }
.figure { min-inline-size: 0; overflow-wrap: anywhere; padding: 0.7em 0.9em; border-radius: var(--_radius); background: color-mix(in srgb, var(--_muted) 9%, transparent); }
.figure dt { font-size: 0.875em; }
.figure dd { font-size: 1.15em; font-weight: 700; }
.bars .day { gap: 0.15em; font-size: 0.875em; }
.bar { inline-size: 1.6em; block-size: 4.8em; }
.bar .rest { fill: var(--_line); stroke: none; }
.bar .part { fill: var(--_active); stroke: none; }
.share { font-weight: 600; font-size: 0.9em; font-variant-numeric: tabular-nums; }
.heat { display: block; inline-size: 100%; max-inline-size: 46em; block-size: auto; }
.heat:dir(rtl) { transform: scaleX(-1); }
.heat rect { fill: var(--_active); }
.heat .heat-0 { fill: var(--_line); opacity: 0.6; }
.heat-1 { opacity: 0.35; }
.heat-2 { opacity: 0.55; }
.heat-3 { opacity: 0.78; }

.v { color: var(--_muted); border: 1px solid var(--_line); background: var(--_surface); }
.v-active, .v-repaired { color: var(--_on-color); background: var(--_active); border-color: var(--_active); }
.v-frozen, .v-paused, .v-rest, .v-amnesty, .v-excused { --_shade: var(--_protected); }
.v-missed { --_shade: var(--_missed); }
.v-frozen, .v-paused, .v-rest, .v-amnesty, .v-excused, .v-missed { color: var(--_shade); border-color: transparent; background: color-mix(in srgb, var(--_shade) 13%, var(--_surface)); }
.v-award { color: var(--_on-color); background: var(--_flame); border-color: var(--_flame); }
.v-later { border-style: dashed; }
.v-today { outline: 2px solid var(--_text); outline-offset: 1px; }
@media (forced-colors: active) {
  .v-active, .v-repaired { forced-color-adjust: none; color: HighlightText; background: Highlight; }
}
`;
