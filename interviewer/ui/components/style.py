"""The few styles that config.toml cannot say. Colours that differ between light and dark are set here, once."""

import streamlit as st

LIGHT = "--ink:#1f2328;--quiet:#5d6670;--on-primary:#ffffff;"
LIGHT += "--met:#0f766e;--met-bg:#d6f0ea;--bad:#b42318;--bad-bg:#fbe0dc;--odd:#9a5b00;--odd-bg:#fbebcb"
DARK = "--ink:#e6e4df;--quiet:#a9b2ba;--on-primary:#0b1a18;"
DARK += "--met:#5eead4;--met-bg:#12423d;--bad:#ff9d91;--bad-bg:#54211c;--odd:#f3c56b;--odd-bg:#4a3710"

CSS = """
.block-container { padding-top: 4.5rem; padding-bottom: 4rem; max-width: 47rem; }
:root, .stApp { %s }
[data-testid="stBaseButton-primary"] p { color: var(--on-primary); font-weight: 600; }
.st-key-asked p { font-size: 1.08rem; font-weight: 550; line-height: 1.5; }
[data-testid="stChatMessage"] { padding: 0.25rem 0 0.5rem; background: transparent; }
.iv-facts { display: grid; grid-template-columns: auto 1fr; gap: 0.35rem 1.5rem; font-size: 0.92rem; overflow-wrap: anywhere; }
.iv-facts code { font-family: 'JetBrains Mono', ui-monospace, monospace; font-size: 0.86rem; }
.iv-quiet { color: var(--quiet); font-size: 0.92rem; }
.iv-answer { white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.65; max-height: 32rem; overflow-y: auto; }
.iv-answer.code { font-family: 'JetBrains Mono', ui-monospace, monospace; font-size: 0.9rem; }
.iv-answer mark { color: inherit; border-radius: 4px; padding: 0.05em 0.15em; }
mark.met { background: var(--met-bg); border-bottom: 2px solid var(--met); }
mark.contradicted, mark.misconception, mark.wrong { background: var(--bad-bg); border-bottom: 2px dashed var(--bad); }
mark.unsure, mark.attempt { background: var(--odd-bg); border-bottom: 2px dotted var(--odd); }
.iv-answer sup { font-weight: 700; font-size: 0.7em; margin-left: 0.15em; }
.iv-points > div { padding: 0.7rem 0; border-top: 1px solid color-mix(in srgb, currentColor 14%%, transparent); }
.iv-points > div:first-child { border-top: 0; }
.iv-verdict { font-weight: 650; white-space: nowrap; }
.iv-verdict.met { color: var(--met); }
.iv-verdict.contradicted, .iv-verdict.wrong { color: var(--bad); }
.iv-verdict.not_met, .iv-verdict.cannot_assess { color: var(--quiet); }
.iv-verdict.unsure { color: var(--odd); }
.iv-why b { font-weight: 600; }
.iv-points q { overflow-wrap: anywhere; }
.iv-why { color: var(--quiet); font-size: 0.92rem; margin-top: 0.2rem; overflow-wrap: anywhere; }
.iv-alert { border-radius: 0.5rem; padding: 0.8rem 1rem; line-height: 1.5; overflow-wrap: anywhere; }
.iv-alert.odd { background: var(--odd-bg); }
.iv-alert.quiet { background: color-mix(in srgb, currentColor 8%%, transparent); }
.iv-score { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.3rem 0.9rem; }
.iv-score b { font-size: 2.6rem; font-weight: 680; font-variant-numeric: tabular-nums; line-height: 1.1; }
.iv-tag { border: 1px solid currentColor; border-radius: 999px; padding: 0.05rem 0.6rem; font-size: 0.85rem; }
.iv-tag.estimate { color: var(--odd); }
.iv-row { display: grid; grid-template-columns: 14rem 1fr 2.5rem; gap: 0.2rem 0.9rem; align-items: center; font-size: 0.95rem;
  padding: 0.2rem 0; }
.iv-bar { height: 0.55rem; border-radius: 0.3rem; background: color-mix(in srgb, currentColor 12%%, transparent); overflow: hidden; }
.iv-bar > i { display: block; height: 100%%; background: var(--met); }
.iv-num { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap; }
.iv-grader { font-size: 1.4rem; font-weight: 600; margin: 0; overflow-wrap: anywhere; }
.iv-grader .iv-tag { font-size: 0.8rem; font-weight: 500; color: var(--met); white-space: nowrap;
  vertical-align: middle; margin-left: 0.4rem; }
.iv-said { font-size: 1.05rem; line-height: 1.55; overflow-wrap: anywhere; }
.iv-report { overflow-wrap: anywhere; }
.iv-report table { border-collapse: collapse; width: 100%%; font-size: 0.92rem; }
.iv-report caption, .iv-caption { text-align: left; font-weight: 600; padding: 0; margin: 0; color: inherit; }
.iv-report th, .iv-report td { text-align: left; vertical-align: top; font-weight: 400; padding: 0.45rem 0.6rem 0.45rem 0;
  border: 0; border-bottom: 1px solid color-mix(in srgb, currentColor 14%%, transparent); }
.iv-report thead th { color: var(--quiet); font-size: 0.84rem; }
.iv-report tbody th { font-weight: 560; }
.iv-report td { width: 8.2rem; font-variant-numeric: tabular-nums; }
.iv-report small { display: block; color: var(--quiet); font-size: 0.82rem; font-weight: 400; line-height: 1.4; }
.iv-report .heat { table-layout: fixed; border-collapse: separate; border-spacing: 2px; }
.iv-report .heat th, .iv-report .heat td { width: auto; padding: 0.4rem 0.1rem; border: 0; text-align: center; vertical-align: middle; }
.iv-report .heat th { font-size: 0.74rem; overflow-wrap: normal; }
.iv-report .heat th:first-child { width: 5.2rem; text-align: left; }
.iv-report .heat td small { color: inherit; }
.iv-report .heat .same { outline: 1.5px solid var(--met); outline-offset: -2px; border-radius: 3px; }
.iv-report .none { color: var(--quiet); }
@media (max-width: 480px) { .block-container { padding-left: 1rem; padding-right: 1rem; } .iv-row { grid-template-columns: 1fr auto; }
  .iv-row .iv-bar { grid-column: 1 / -1; order: 3; } }
@media (prefers-reduced-motion: reduce) { * { transition: none !important; animation: none !important; } }
"""


def colours() -> str:
    """The colours of the theme in use, as custom properties."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def apply_style() -> None:
    """Put the styles into the page, with the colours of the theme in use."""
    st.html(f"<style>{CSS % colours()}</style>")
