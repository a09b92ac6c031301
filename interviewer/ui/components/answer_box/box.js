// The answer box: owns its textarea and its clocks, saves drafts past Streamlit, reports what the candidate does.
// The server decides about time; this only shows it and sends what stands in the box when it runs out.

const SAVE_AFTER_MS = 400;
const RETRY_MS = 1500;
const NEVER = -1;
const LOOK_MS = 10_000;
const LOW_MS = 60_000;
const KEEPALIVE_LIMIT = 60_000;
const TAB = "interviewer-tab";
const ANNOUNCE = [[600, "10 minutes left"], [300, "5 minutes left"], [120, "2 minutes left"], [60, "1 minute left"],
  [30, "30 seconds left"], [10, "10 seconds left"]];

// This tab's id, kept over reloads. It lies in the session storage only while no page is shown: "Duplicate tab" copies that
// storage, and two tabs with one id would overwrite each other's text unnoticed.
function tabId() {
  if (!window.interviewerTab) {
    const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");
    window.interviewerTab = sessionStorage.getItem(TAB) || fresh();
    sessionStorage.removeItem(TAB);
    window.addEventListener("pagehide", () => sessionStorage.setItem(TAB, window.interviewerTab));
    window.addEventListener("pageshow", () => sessionStorage.removeItem(TAB));
  }
  return window.interviewerTab;
}

function clockText(ms) {
  const seconds = Math.ceil(ms / 1000);
  const h = Math.floor(seconds / 3600), m = Math.floor((seconds % 3600) / 60), s = seconds % 60;
  return (h ? `${h}:${String(m).padStart(2, "0")}` : `${m}`) + `:${String(s).padStart(2, "0")}`;
}

// No halves of characters: they cannot be sent.
const whole = (text) => (text.toWellFormed ? text.toWellFormed() : text);

class Box {
  constructor(root, data, send) {
    this.root = root; this.send = send; this.data = data;
    this.tab = tabId();
    this.backup = `interviewer-draft-${data.interview}-${data.turn}`;
    this.area = root.querySelector("textarea");
    this.closed = false; this.outdated = false; this.saving = false; this.dirty = false;
    this.revision = data.revision; this.announced = null;
    this.area.value = this.stored = data.text || "";
    this.listeners = new AbortController();
    this.wire();
    this.setClock(data);
    this.refresh();
    if (window.matchMedia("(min-width: 600px)").matches) this.area.focus({ preventScroll: true });
    this.ticker = setInterval(() => this.tick(), 200);
    this.looker = setInterval(() => this.look(), LOOK_MS);
  }

  $(role) { return this.root.querySelector(`[data-role="${role}"]`); }

  wire() {
    const on = (target, name, handler) => target.addEventListener(name, handler, { signal: this.listeners.signal });
    on(this.area, "input", () => this.typed());
    on(this.area, "keydown", (e) => this.key(e));
    on(this.root.querySelector(".submit"), "click", () => this.submit());
    on(this.root.querySelector(".skip"), "click", () => this.pass("skip"));
    on(this.root.querySelector(".dont-know"), "click", () => this.pass("dont_know"));
    on(this.root.querySelector(".take-over"), "click", () => this.takeOver());
    on(window, "pagehide", () => this.flush(true));
    on(document, "visibilitychange", () => { if (document.visibilityState === "hidden") this.flush(true); else this.look(); });
    const mac = /Mac|iPhone|iPad/.test(navigator.platform);
    this.area.classList.toggle("code", this.data.code);
    this.area.spellcheck = !this.data.code;
    this.$("keys").textContent = `${mac ? "⌘" : "Ctrl"}+Enter submits` + (this.data.code ? " · Tab indents, Esc then Tab leaves" : "");
  }

  // time

  setClock(data) {
    this.data = data;
    this.timed = data.timed;
    this.root.querySelector(".clocks").hidden = !data.timed;
    if (!data.timed) return;
    this.end = performance.now() + data.remaining_ms;
    this.interviewEnd = performance.now() + data.interview_ms;
    this.rang = false;
    this.tick();
  }

  tick() {
    if (!this.timed || this.closed) return;
    const left = Math.max(0, this.end - performance.now());
    const whole = Math.max(0, this.interviewEnd - performance.now());
    this.$("question-time").textContent = clockText(left);
    this.$("interview-time").textContent = clockText(whole);
    this.root.querySelector(".fill").style.transform = `scaleX(${this.data.whole_ms ? left / this.data.whole_ms : 0})`;
    const low = left <= LOW_MS;
    this.root.querySelector(".clocks").classList.toggle("low", low);
    this.$("question-hint").textContent = left === 0 ? "time is up" : low ? "less than a minute" : "";
    this.announce(left / 1000);
    if (left === 0 && !this.rang) { this.rang = true; this.ring(); }
  }

  // The server's deadline moves when it was down, this page's clock stops while the machine sleeps, and another tab may have gone on.
  async look() {
    if (this.closed || this.gone || document.visibilityState === "hidden") return;
    try {
      const said = await this.ask();
      this.agree(said.remaining_ms);
      if (!said.ok || this.dirty || this.saving || this.busy) return;
      if (said.tab === this.tab) this.adopt(said);   // what an earlier box of this tab saved late
      else this.compare(said);
    } catch { /* the next look, or saving, will say */ }
  }

  async ask() {
    return (await fetch(`/api/draft?interview=${this.data.interview}&turn=${this.data.turn}`)).json();
  }

  adopt({ revision, text }) {
    if (revision > this.revision) { this.area.value = this.stored = text; this.revision = revision; }
  }

  compare({ revision, tab }) {
    if (revision > this.revision && tab && tab !== this.tab && !this.outdated) this.olderTab();
  }

  agree(ms) {
    const shift = ms - (this.end - performance.now());
    if (!this.timed || this.gone || typeof ms !== "number" || Math.abs(shift) < 1000) return;
    this.end += shift; this.interviewEnd += shift;
    if (ms > 0) this.rang = false;
    this.tick();
  }

  announce(seconds) {
    const passed = ANNOUNCE.filter(([at]) => seconds <= at).length;
    if (this.announced === null) { this.announced = passed; return; }
    if (passed > this.announced) this.$("announce").textContent = ANNOUNCE[passed - 1][1];
    this.announced = passed;
  }

  ring() {
    setTimeout(() => this.report("clock"), 60);
    setTimeout(() => this.report("clock", true), 1300);   // a report sent while the page was mounting is lost
    setTimeout(() => this.report("stale"), 4000);
  }

  // typing and saving

  typed() {
    this.dirty = true;
    this.sure = null;
    this.notice("");
    try { sessionStorage.setItem(this.backup, JSON.stringify({ text: this.area.value, base: this.revision })); } catch { /* full: the server has it */ }
    if (this.outdated) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(false), SAVE_AFTER_MS);
  }

  async flush(leaving, takeOver = false) {
    if (this.closed || (!this.dirty && !takeOver) || (this.saving && !leaving) || (this.outdated && !takeOver)) return;
    const typed = this.area.value;
    const body = JSON.stringify({ interview: this.data.interview, turn: this.data.turn, text: whole(typed), tab: this.tab, base: this.revision, take_over: takeOver });
    this.saving = true; this.dirty = false;
    this.$("saved").textContent = "Saving…";
    let again = 0;
    try {
      const reply = await fetch("/api/draft", { method: "POST", headers: { "Content-Type": "application/json" }, body,
        keepalive: leaving && body.length < KEEPALIVE_LIMIT });
      const said = await reply.json();
      if (said.ok) { this.savedAs(said.revision, typed); this.agree(said.remaining_ms); }
      else if (reply.status === 409) this.olderTab();
      else if (reply.status === 410 || reply.status === 404) this.turnClosed(said.sentence);
      else { this.dirty = true; this.$("saved").textContent = ""; this.notice(said.sentence); again = reply.status >= 500 ? RETRY_MS : NEVER; }
    } catch {
      this.dirty = true; again = RETRY_MS;
      this.$("saved").textContent = "Not saved yet: the server does not answer. Trying again…";
    } finally { this.saving = false; }
    if (!again && this.dirty && !this.outdated) again = SAVE_AFTER_MS;
    if (again && again !== NEVER && !this.gone) { clearTimeout(this.timer); this.timer = setTimeout(() => this.flush(false), again); }
  }

  savedAs(revision, text) {
    this.revision = revision;
    this.stored = text;
    this.$("saved").textContent = "Saved";
    if (this.area.value === text) sessionStorage.removeItem(this.backup);
  }

  async refresh() {
    try {
      // Read before asking: the box that stood here before may still be saving, and drops its copy as soon as that is done.
      const kept = JSON.parse(sessionStorage.getItem(this.backup) || "null");
      const said = await this.ask();
      if (!said.ok || this.dirty || this.gone) return;
      this.adopt(said);
      const ours = kept && (kept.base === this.revision || said.tab === this.tab);   // nobody wrote since: not sent, or not known to have arrived
      if (ours && kept.text !== this.area.value) { this.area.value = kept.text; this.typed(); }
    } catch { /* typing goes on; saving will say when the server does not answer */ }
  }

  // two tabs

  olderTab() {
    this.outdated = true;
    this.$("saved").textContent = "";
    this.area.readOnly = true;
    this.notice("You went on with this answer in another tab. Its text is saved; nothing you write here would be.", true);
    this.root.querySelector(".submit").disabled = true;
  }

  async takeOver() {
    const own = this.area.value;
    const unsaved = (own.startsWith(this.stored) ? own.slice(this.stored.length) : own).trim();
    let joined = false;
    try {
      const said = await this.ask();
      if (!said.ok) return this.notice(said.sentence);
      joined = unsaved && !said.text.includes(unsaved);
      this.area.value = joined ? `${said.text}\n\n${unsaved}` : said.text;
      this.revision = said.revision;
    } catch { return this.notice("The server does not answer. Try again in a moment.", true); }
    this.outdated = false;
    this.area.readOnly = false;
    this.notice(joined ? "What you had written here was not saved yet; it stands below the newer text. Take out what you don't need." : "");
    this.root.querySelector(".submit").disabled = false;
    this.area.focus();
    await this.flush(false, true);
  }

  turnClosed(sentence) {
    if (this.busy || this.gone) return;          // it was closed by what this box itself reported
    this.closed = true;
    this.notice(sentence);
    this.report("stale");
  }

  notice(words, offer = false) {
    const banner = this.root.querySelector(".banner");
    banner.hidden = !words;
    banner.querySelector(".words").textContent = words;
    banner.querySelector(".take-over").hidden = !offer;
  }

  // acting

  key(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); this.submit(); return; }
    if (!this.data.code) return;
    if (event.key === "Escape") { this.leaving = true; return; }
    if (event.key === "Tab" && !this.leaving && !event.shiftKey) {
      event.preventDefault();
      const { selectionStart: from, selectionEnd: to, value } = this.area;
      this.area.value = value.slice(0, from) + "    " + value.slice(to);
      this.area.selectionStart = this.area.selectionEnd = from + 4;
      this.typed();
    }
    if (event.key !== "Tab") this.leaving = false;
  }

  submit() {
    if (this.outdated) return;
    if (!this.area.value.trim()) { this.notice("The box is empty. Write an answer, or choose “I don't know” or “Skip”."); return; }
    this.finish("submit");
  }

  // One click must not throw away what was written.
  pass(kind) {
    if (this.area.value.trim() && this.sure !== kind) {
      this.sure = kind;
      this.notice("You have written something. Choose the same button again to leave it out, or submit it.");
      return;
    }
    this.finish(kind);
  }

  finish(kind) {
    if (this.busy) return;
    this.busy = true;
    this.area.readOnly = true;                    // nothing typed from here on would arrive
    clearTimeout(this.timer);
    this.root.querySelectorAll(".buttons button").forEach((b) => { b.disabled = true; });
    this.kind = kind;
    this.report(kind);
    this.again = setInterval(() => this.report(kind, true), 2500);   // a report sent while the page was busy can be lost
    this.free = setTimeout(() => {                                   // the page did not move on: let the candidate try again
      this.unlock();
      this.notice("The server did not answer. Your text is kept; try again in a moment.");
    }, 9000);
  }

  unlock() {
    this.busy = false;
    this.area.readOnly = this.outdated;
    clearInterval(this.again);
    clearTimeout(this.free);
    this.root.querySelectorAll(".buttons button").forEach((b) => { b.disabled = false; });
    this.root.querySelector(".submit").disabled = this.outdated;
  }

  report(kind, again = false) {
    if (this.gone) return;
    const text = kind === "submit" || kind === "clock" ? whole(this.area.value) : "";
    this.sent = `${this.tab}-${Math.round(performance.now())}`;
    this.send({ kind, turn: this.data.turn, text, tab: this.tab, base: this.revision, again, id: this.sent });
  }

  update(data, send) {
    this.send = send;
    const moved = data.remaining_ms !== this.data.remaining_ms;
    if (moved) this.setClock(data);
    if (!this.dirty && !this.saving) this.compare(data);
    if (!this.busy) return;
    if (data.seen === this.sent) this.unlock();      // it arrived and was refused; the page says why
    else this.report(this.kind, true);               // a server that was started anew draws the page, but drops the report
  }

  destroy() {
    this.gone = true;
    clearInterval(this.ticker); clearInterval(this.looker); clearTimeout(this.timer); clearTimeout(this.free); clearInterval(this.again);
    if (!this.busy) this.flush(true);
    this.listeners.abort();
  }
}

const boxes = new WeakMap();

export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  const root = parentElement.querySelector(".box");
  const send = (event) => setTriggerValue("event", event);
  const known = boxes.get(root);
  if (known && !known.gone) known.update(data, send);
  else boxes.set(root, new Box(root, data, send));
  return () => { const box = boxes.get(root); if (box) { box.destroy(); boxes.delete(root); } };
}
