/* Saves the texts of a form while they are typed, and keeps in this browser what the server has not confirmed.

   A record is one unsaved text: what was typed (text), what was stored when it was begun (base), and what has been
   sent since (sent). It ends when the stored text, which the page carries, is the typed one. A text is put back by
   itself only into the page it was typed in and only onto the stored text it was begun from; otherwise it is offered. */
(() => {
  "use strict";
  if (window.avustuspaneeliKeeping) return; // the element that loads the script may be drawn again
  window.avustuspaneeliKeeping = true;

  const PREFIX = "avustuspaneeli.kept.";
  const QUIET = 2000; // ms without typing before it is saved
  const PATIENCE = 8000; // ms before an unanswered save is called unanswered
  const ASKED = 1500; // ms in which another page answers that it is open
  const page = Math.random().toString(36).slice(2, 10);
  const live = new Map(); // storage name -> record typed in this page
  const others = new Map(); // other pages with records: when asked, when heard
  const channel = new BroadcastChannel("avustuspaneeli.kept");
  let form = null;
  let raw = null;
  let allowed = true; // whether this browser lets us keep anything
  let composing = false;
  let lostAt = 0;
  let backAt = 0;
  let offered = 0; // which texts are offered now
  let session = "";
  let settled = null;

  // What Python's str.strip removes, so that both sides mean the same text.
  const BLANK = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
  const ENDS = new RegExp(`^${BLANK}|${BLANK}$`, "g");
  const plain = (text) => text.replace(/\r\n?/g, "\n").replace(ENDS, "");
  const same = (one, other) => plain(one) === plain(other);

  const places = () => document.querySelector("[data-keeping-words]");
  const lines = () => document.querySelector("[data-keeping-lines]");
  const app = () => document.querySelector('[data-testid="stApp"]');
  const online = () => app()?.dataset.testConnectionState === "CONNECTED";
  const running = () => app()?.dataset.testScriptState !== "notRunning";
  const areaOf = (field) => document.querySelector(`.${CSS.escape(field.css)} textarea`);
  const fieldOf = (area) => form?.fields.find((field) => areaOf(field) === area);
  const nameOf = (field) => `${PREFIX}${form.name}.${field.key}.${page}`;

  // --- what is kept in the browser

  function store(name, record) {
    try {
      localStorage.setItem(name, JSON.stringify(record));
      allowed = true;
    } catch {
      allowed = false;
    }
  }

  function remove(name) {
    live.delete(name);
    try {
      localStorage.removeItem(name);
    } catch {
      allowed = false;
    }
  }

  function kept() {
    const found = [];
    try {
      for (const name of Object.keys(localStorage)) {
        if (!name.startsWith(PREFIX)) continue;
        try {
          found.push([name, JSON.parse(localStorage.getItem(name))]);
        } catch {
          localStorage.removeItem(name);
        }
      }
    } catch {
      allowed = false;
    }
    return found;
  }

  function tidy() {
    const oldest = Date.now() - Number(places()?.dataset.keepingDays ?? 7) * 86400000;
    for (const [name, record] of kept()) {
      // A shared computer: nobody's texts are left for the next person.
      if (record.user !== form.user || !(record.at > oldest)) remove(name);
    }
  }

  // --- typing

  function setText(area, text) {
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(area, text);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function commit(area) {
    const options = { key: "Enter", code: "Enter", keyCode: 13, ctrlKey: true, bubbles: true, cancelable: true };
    area.dispatchEvent(new KeyboardEvent("keydown", options));
  }

  function typed(event) {
    const field = form && !form.closed && event.target instanceof HTMLTextAreaElement && fieldOf(event.target);
    if (!field) return;
    const name = nameOf(field);
    const record = live.get(name) ?? { user: form.user, field: field.key, base: field.saved, sent: [] };
    Object.assign(record, { text: event.target.value, at: Date.now() });
    live.set(name, record);
    store(name, record);
  }

  // Streamlit takes a field that loses its focus while disconnected for saved; it shall stay unsaved.
  function blurred(event) {
    const field = form && !form.closed && event.target instanceof HTMLTextAreaElement && fieldOf(event.target);
    if (!field) return;
    if (event.target.disabled || !online()) event.stopImmediatePropagation();
    else note(live.get(nameOf(field)));
  }

  function pressed(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !form) return;
    const field = event.target instanceof HTMLTextAreaElement && fieldOf(event.target);
    if (field && online()) note(live.get(nameOf(field)));
  }

  /** Streamlit sends the text now. */
  function note(record) {
    if (!record || record.tried === record.text) return;
    record.tried = record.text;
    record.triedAt = Date.now();
    record.sent.push(record.text);
  }

  // Streamlit locks every field while disconnected. Texts need no connection to be typed.
  function unlock() {
    if (!form || form.closed || online()) return;
    for (const area of form.fields.map(areaOf)) {
      if (!area?.disabled) continue;
      area.disabled = false;
      if (area === lastFocused) refocus();
    }
  }

  // Its box about the connection would take the focus from the text, so the style sheet hides it; the line of the
  // state says the same.
  function closeBox() {
    if (!form || form.closed || online()) return;
    const close = document.querySelector('[data-testid="stDialog"] [role="dialog"] > button');
    if (!close) return;
    close.click();
    setTimeout(refocus, 50);
    setTimeout(refocus, 300);
  }

  function refocus() {
    const lost = [document.body, null].includes(document.activeElement);
    if (lost && lastFocused?.isConnected) lastFocused.focus({ preventScroll: true });
  }

  let lastFocused = null;
  document.addEventListener("focusin", (event) => {
    if (!event.target.closest('[data-testid="stDialog"]')) lastFocused = event.target;
  }, true);
  document.addEventListener("focusout", blurred, true);
  document.addEventListener("keydown", pressed, true);
  document.addEventListener("input", typed, true);
  document.addEventListener("compositionstart", () => { composing = true; }, true);
  document.addEventListener("compositionend", () => { composing = false; }, true);
  new MutationObserver(unlock).observe(document.body, { subtree: true, attributeFilter: ["disabled"] });
  new MutationObserver(closeBox).observe(document.body, { subtree: true, childList: true });

  // --- saving

  function send(field, record) {
    const area = areaOf(field);
    if (area && !area.disabled && area.value === record.text) commit(area);
  }

  /** Compare a record with what is stored. Returns whether it is still unsaved. */
  function settle(field, record) {
    const place = record.sent.findLastIndex((text) => same(text, field.saved));
    if (place >= 0) {
      record.base = field.saved;
      record.sent.splice(0, place + 1);
    }
    if (record.sent.length || !same(record.text, field.saved)) return true;
    remove(nameOf(field));
    return false;
  }

  function care(field, record, now) {
    const area = areaOf(field);
    if (form.closed) return giveUp(field, record, null);
    if (!area || !online() || running() || now - backAt < 1000) return;
    if (!form.conflict && !same(record.base, field.saved)) {
      giveUp(field, record, area); // somebody, perhaps the same person elsewhere, has saved another text meanwhile
    } else if (area.value !== record.text) {
      // A new session has filled the field from what is stored.
      if (record.putBack === form.session) return giveUp(field, record, area);
      record.putBack = form.session;
      record.tried = null;
      setText(area, record.text);
    } else if (record.tried !== record.text) {
      if (!composing && now - record.at >= QUIET) send(field, record);
    } else if (!form.conflict && now - record.triedAt > PATIENCE && !record.pressed) {
      record.pressed = true; // once: the button sends everything that the page holds
      press();
    }
  }

  /** Keep the record to be offered, and show what is stored. */
  function giveUp(field, record, area) {
    const name = nameOf(field);
    if (area && area.value !== field.saved) {
      setText(area, field.saved);
      commit(area);
    }
    live.delete(name);
    store(name, record);
  }

  function press() {
    document.querySelector(`.${CSS.escape(form.save_button)} button`)?.click();
  }

  // --- what is said

  function say(state, typing) {
    const words = JSON.parse(places().dataset.keepingWords);
    const texts = { state: words[state] ?? form.saved, typing: typing ? words.typing : "" };
    for (const [name, text] of Object.entries(texts)) {
      const line = lines().querySelector(`[data-keeping-${name}]`);
      if (line.textContent !== text) line.textContent = text;
    }
    lines().dataset.kind = state in words ? "warn" : "";
    const go = lines().querySelector("[data-keeping-go]");
    go.hidden = state !== "conflict" && state !== "offered";
    if (go.textContent !== words.go) go.textContent = words.go;
    go.onclick = () => document.querySelector("#two-versions, .ap-kept")?.focus();
  }

  function report(unsaved, now) {
    if (!online()) {
      if (now - lostAt > 700) say(allowed ? "offline" : "offline_unkept", false);
      return;
    }
    const waiting = unsaved.some((record) => record.tried === record.text && now - record.triedAt > PATIENCE);
    const untold = unsaved.some((record) => record.tried !== record.text);
    if (form.conflict) say("conflict", untold);
    else if (waiting) say("waiting", false);
    else say(offered ? "offered" : "", unsaved.length > 0);
  }

  // --- what is offered

  /** Whether the page that a record was typed in is closed; a page that is open still cares for its own. */
  function closed(other) {
    if (other === page) return true;
    const known = others.get(other) ?? { asked: 0, heard: 0 };
    others.set(other, known);
    const now = Date.now();
    if (!known.closed && now - known.asked > 10 * ASKED) {
      known.asked = now;
      channel.postMessage({ ask: other });
    }
    known.closed = known.heard < known.asked && now - known.asked > ASKED;
    return known.closed;
  }

  channel.onmessage = ({ data }) => {
    if (data.ask === page && live.size) channel.postMessage({ open: page });
    if (others.has(data.open)) Object.assign(others.get(data.open), { heard: Date.now(), closed: false });
  };

  function offers() {
    const found = [];
    for (const [name, record] of kept()) {
      const field = form.fields.find((one) => name.startsWith(`${PREFIX}${form.name}.${one.key}.`));
      if (!field || live.has(name)) continue;
      if (same(record.text, field.saved) || (!plain(record.text) && same(record.base, field.saved))) remove(name);
      else if (closed(name.split(".").pop())) found.push([name, record, field]);
    }
    return found.sort((one, other) => other[1].at - one[1].at);
  }

  function element(tag, text, parent) {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    return parent.appendChild(made);
  }

  function offer() {
    const found = form.conflict ? [] : offers();
    const place = places().querySelector("[data-keeping-offer]");
    const sign = found.length && JSON.stringify(found.map(([name, record, field]) => [name, record.at, field.saved, form.closed]));
    if (sign === offered && Boolean(place.firstChild) === Boolean(found.length)) return;
    offered = sign;
    place.replaceChildren();
    if (!found.length) return;
    const words = JSON.parse(places().dataset.keepingWords);
    const box = element("section", "", place);
    box.className = "ap-kept";
    box.tabIndex = 0;
    box.setAttribute("aria-label", words.title);
    element("h3", words.title, box);
    element("p", words.intro, box);
    for (const [name, record, field] of found) {
      const when = new Date(record.at).toLocaleString(document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang, {
        dateStyle: "short", timeStyle: "short", timeZone: "Europe/Helsinki" });
      element("h4", field.label, box);
      element("p", words.typed.replace("{moment}", when), box);
      element("blockquote", record.text || words.empty, box);
      if (form.closed) element("p", words.closed, box);
      else if (!same(field.saved, record.base)) element("p", words.changed, box);
      const choose = (word, act) => {
        const made = element("button", word, box);
        made.type = "button";
        made.setAttribute("aria-label", `${word}: ${field.label}`);
        made.addEventListener("click", () => act(name, record, field));
      };
      if (!form.closed) choose(words.back, putBack);
      choose(words.discard, discard);
    }
  }

  function putBack(name, record, field) {
    const area = areaOf(field);
    if (!area || area.disabled) return;
    setText(area, record.text); // makes a record of its own, begun from what is stored now
    remove(name);
    area.focus();
    tick();
  }

  function discard(name) {
    remove(name);
    offer();
    const next = places().querySelector("[data-keeping-offer] button");
    if (next) next.focus();
    else areaOf(form.fields[0])?.focus();
  }

  // --- the round

  function read() {
    const element = document.querySelector("[data-keeping-form]");
    const now = element?.dataset.keepingForm ?? null;
    if (now === raw) return form !== null;
    const before = form;
    raw = now;
    form = now === null ? null : JSON.parse(now);
    if (!form) return false;
    if (!before || before.name !== form.name) tidy();
    if (session && session !== form.session) {
      for (const record of live.values()) Object.assign(record, { tried: null, sent: [], pressed: false });
    }
    if (before?.name === form.name && settled !== null && settled < form.settled) chosen();
    session = form.session;
    settled = form.settled;
    return true;
  }

  /** Two versions were beside each other and the person chose: what had been sent of this one is dealt with. */
  function chosen() {
    for (const field of form.fields) {
      const record = live.get(nameOf(field));
      if (record && record.tried === record.text) remove(nameOf(field));
    }
  }

  function tick() {
    if (!read() || !places() || !lines()) return;
    const now = Date.now();
    if (!online()) {
      lostAt ||= now;
      unlock();
    } else if (lostAt) {
      lostAt = 0;
      backAt = now;
      for (const record of live.values()) Object.assign(record, { tried: null, pressed: false });
      press(); // a run, in which a server that has forgotten this session fills the form anew
    }
    const unsaved = [];
    for (const field of form.fields) {
      const record = live.get(nameOf(field));
      if (!record || !settle(field, record)) continue;
      care(field, record, now);
      if (live.has(nameOf(field))) unsaved.push(record);
    }
    offer();
    report(unsaved, now);
  }

  function flush() {
    if (!form || !online() || form.closed) return;
    for (const field of form.fields) {
      const record = live.get(nameOf(field));
      if (record && record.tried !== record.text) send(field, record);
    }
  }

  setInterval(tick, 400);
  document.addEventListener("visibilitychange", () => { if (document.hidden) flush(); });
  window.addEventListener("pagehide", flush);
  window.addEventListener("beforeunload", (event) => { if (live.size && !allowed) event.preventDefault(); });
})();
