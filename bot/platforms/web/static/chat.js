// The chat without reloading. Everything here also works without it, by plain forms and links.
"use strict";

const words = JSON.parse(document.body.dataset.words);
const log = document.getElementById("log");
const list = document.getElementById("messages");
const composer = document.getElementById("composer");
const say = document.getElementById("say");
const offers = document.getElementById("offers");
const news = document.getElementById("news");
const remarks = document.getElementById("remarks");
const isLive = list.hasAttribute("data-after");
const locale =
  navigator.languages.find((language) => language.startsWith(document.documentElement.lang)) ||
  document.documentElement.lang;

// ---- time -----------------------------------------------------------------------------------------------------------

let ahead = 0; // milliseconds the demo clock is ahead of this computer's
const now = () => Date.now() + ahead;
const hasClock = "now" in document.body.dataset;

const hour = { hour: "numeric", minute: "2-digit" };
const moment = { weekday: "short", day: "numeric", month: "short", ...hour };
const formats = {
  date: new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "short", year: "numeric" }),
  time: new Intl.DateTimeFormat(locale, hour),
  datetime: new Intl.DateTimeFormat(locale, moment),
  day: new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" }),
};
// The same with the zone's name, for whoever reads on another clock than the one a moment was planned by.
const zoned = {
  time: new Intl.DateTimeFormat(locale, { ...hour, timeZoneName: "short" }),
  datetime: new Intl.DateTimeFormat(locale, { ...moment, timeZoneName: "short" }),
};
const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });

function fromNow(date) {
  const seconds = (date - now()) / 1000;
  for (const [unit, size] of [["year", 31557600], ["month", 2629800], ["day", 86400], ["hour", 3600]]) {
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit);
  }
  return relative.format(Math.round(seconds / 60), "minute");
}

function isElsewhere(date, timeZone) {
  try {
    return Boolean(timeZone) && new Intl.DateTimeFormat(locale, { ...moment, timeZone }).format(date) !== formats.datetime.format(date);
  } catch {
    return true; // a zone this browser does not know
  }
}

function showTimes(root) {
  for (const element of root.querySelectorAll("time[data-style]")) {
    const date = new Date(element.dateTime);
    const style = element.dataset.style;
    const format = style in zoned && isElsewhere(date, element.dataset.zone) ? zoned[style] : formats[style];
    element.textContent = style === "relative" ? fromNow(date) : format.format(date);
    element.title = `${formats.date.format(date)}, ${formats.time.format(date)}`;
  }
}

function showDays() {
  for (const line of list.querySelectorAll(".day")) line.remove();
  let last = "";
  for (const message of list.querySelectorAll(".message")) {
    const time = message.querySelector("time");
    const day = time ? formats.day.format(new Date(time.dateTime)) : last;
    if (day !== last) {
      const line = Object.assign(document.createElement("li"), { className: "day" });
      line.append(Object.assign(document.createElement("span"), { textContent: day }));
      message.before(line);
    }
    last = day;
  }
}

function setClock(moment) {
  ahead = new Date(moment) - Date.now();
  tick();
}

function tick() {
  const clock = document.getElementById("now");
  if (clock) clock.textContent = formats.datetime.format(new Date(now()));
  for (const element of document.querySelectorAll('time[data-style="relative"]')) {
    element.textContent = fromNow(new Date(element.dateTime));
  }
}

// ---- messages -------------------------------------------------------------------------------------------------------

const number = (message) => Number(message.id.slice(1));

function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html; // drawn and escaped by our own server; the page's policy runs no script in it
  return template.content.firstElementChild;
}

function put(html) {
  const message = parse(html);
  if (!message) return null;
  const old = document.getElementById(message.id);
  if (old && Number(old.dataset.revision) > Number(message.dataset.revision)) return old;
  showTimes(message);
  document.getElementById("welcome")?.remove();
  if (old) {
    const pressed = old.contains(document.activeElement) ? document.activeElement : null;
    old.replaceWith(message);
    if (pressed) focusAgain(message, pressed);
  } else {
    let before = list.lastElementChild;
    while (before && (!before.id || number(before) > number(message))) before = before.previousElementSibling;
    if (before) before.after(message);
    else list.append(message);
    message.classList.add("fresh");
    showDays();
    if (Date.now() < awaited) goToLatest();
    if (log.scrollTop < -120) news.hidden = false;
    else if (message.offsetHeight > log.clientHeight) message.scrollIntoView({ block: "start" }); // read from its top
  }
  return message;
}

// What comes soon after one moved the clock on is waited for: the page goes to it, unless one reads elsewhere.
let awaited = 0;
for (const kind of ["wheel", "pointerdown", "keydown"]) log.addEventListener(kind, () => (awaited = 0), { passive: true });

function goToLatest() {
  log.scrollTop = 0;
  news.hidden = true;
}

function awaitNews() {
  awaited = Date.now() + 15000;
  goToLatest();
}

// A keyboard must not lose its place because the pressed button was drawn anew.
function focusAgain(message, pressed) {
  const same = pressed.name === "data" && [...message.querySelectorAll("button[name=data]")];
  const target = same && same.find((button) => button.value === pressed.value);
  (target || message.querySelector("article")).focus({ preventScroll: true });
}

function remark(html) {
  const box = Object.assign(document.createElement("div"), { className: "remark", innerHTML: html });
  keepRemark(box);
  remarks.append(box);
}

function keepRemark(box) {
  const close = document.createElement("button");
  close.type = "button";
  close.className = "close";
  close.setAttribute("aria-label", words.close);
  close.textContent = "×";
  close.addEventListener("click", () => box.remove());
  box.append(close);
  showTimes(box);
  const held = matchMedia("(hover: hover)").matches ? ":hover, :focus-within" : ":focus-within"; // fingers never leave
  const leave = () => (box.matches(held) ? setTimeout(leave, 2000) : box.remove());
  setTimeout(leave, 6000);
}

function remarkText(text) {
  remark(Object.assign(document.createElement("p"), { textContent: text }).outerHTML);
}

async function refresh() {
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  for (const message of page.querySelectorAll("#messages > .message")) put(message.outerHTML);
}

// ---- sending --------------------------------------------------------------------------------------------------------

function freshEvent() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function waiting() {
  const line = parse(
    '<li class="message bot pending"><article><span class="face bot"></span><p class="dots"><i></i><i></i><i></i></p></article></li>',
  );
  line.querySelector(".dots").setAttribute("aria-label", words.answering);
  line.querySelector(".face").append(document.querySelector(".brand .logo").cloneNode());
  list.append(line);
  return line;
}

async function send(form, submitter) {
  if (form.hasAttribute("aria-busy")) return;
  remarks.replaceChildren();
  if (form.getAttribute("action") === "clock") awaitNews();
  const filled = new FormData(form, submitter);
  filled.set("event", freshEvent());
  const body = form.enctype === "multipart/form-data" ? filled : new URLSearchParams(filled);
  const typed = form === composer ? say.value : "";
  if (form === composer) {
    if (!typed.trim()) return;
    say.value = "";
    fit();
    closeOffers();
    log.scrollTop = 0;
  }
  form.setAttribute("aria-busy", "true");
  submitter?.classList.add("busy");
  const answers = form.getAttribute("action") === "say";
  let dots = null;
  const patience = answers && setTimeout(() => (dots = waiting()), 350);
  try {
    const response = await fetch(form.getAttribute("action"), {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
    });
    const told = await response.json();
    if (!response.ok) throw new Error(told.problem);
    if (told.refused && !say.value) say.value = typed;
    if (told.remark) remark(told.remark);
    if (told.form) put(told.form)?.querySelector("[aria-invalid] input, [aria-invalid]")?.focus();
    else if (form.classList.contains("ask")) {
      form.reset();
      for (const problem of form.querySelectorAll(".problem")) problem.remove();
      for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
    }
    if (!stream || stream.readyState !== EventSource.OPEN) await refresh();
  } catch (error) {
    if (form === composer && !say.value) say.value = typed;
    remarkText(error instanceof TypeError || !error.message ? words.failed : error.message);
  } finally {
    clearTimeout(patience);
    dots?.remove();
    form.removeAttribute("aria-busy");
    submitter?.classList.remove("busy");
    fit();
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("method") !== "post" || !isLive) return;
  event.preventDefault();
  send(form, event.submitter);
});

// ---- live -----------------------------------------------------------------------------------------------------------

let stream = null;

function follow() {
  stream = new EventSource(`live?after=${list.dataset.after}`);
  let lost = 0;
  stream.addEventListener("message", (event) => {
    const pending = list.querySelector(".pending");
    put(JSON.parse(event.data).html);
    if (pending?.nextElementSibling) list.append(pending);
  });
  stream.addEventListener("clock", (event) => setClock(JSON.parse(event.data).now));
  stream.addEventListener("open", () => {
    clearTimeout(lost);
    document.body.classList.remove("offline");
  });
  stream.addEventListener("error", () => {
    clearTimeout(lost);
    if (stream.readyState === EventSource.CLOSED) remarkText(words.crowded);
    else lost = setTimeout(() => document.body.classList.add("offline"), 3000);
  });
}

// ---- composer -------------------------------------------------------------------------------------------------------

let chosen = -1;
let asked = 0;

function fit() {
  if (CSS.supports("field-sizing", "content")) return;
  say.style.height = "auto";
  say.style.height = `${Math.min(say.scrollHeight, 200)}px`;
}

function closeOffers() {
  asked += 1;
  chosen = -1;
  offers.hidden = true;
  offers.replaceChildren();
  say.removeAttribute("aria-activedescendant");
}

async function askOffers() {
  const text = say.value;
  if (!text.startsWith("/") || text.includes("\n")) return closeOffers();
  const mine = (asked += 1);
  const response = await fetch(`suggest?text=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
  if (!response.ok || mine !== asked) return undefined;
  return showOffers(await response.json());
}

function showOffers(found) {
  chosen = -1;
  say.removeAttribute("aria-activedescendant");
  offers.replaceChildren(
    ...found.map((offer, position) => {
      const line = document.createElement("li");
      const value = document.createElement("code");
      const label = document.createElement("span");
      line.id = `offer-${position}`;
      line.role = "option";
      line.dataset.value = offer.value;
      value.textContent = offer.value.trim();
      label.textContent = offer.label;
      line.append(value, label);
      line.addEventListener("mousedown", (event) => event.preventDefault());
      line.addEventListener("click", () => take(line));
      return line;
    }),
  );
  offers.hidden = !found.length;
  document.getElementById("told").textContent = found.length ? words.offers.replace("{count}", found.length) : "";
}

function choose(step) {
  const lines = [...offers.children];
  lines[chosen]?.removeAttribute("aria-selected");
  chosen = (chosen + step + lines.length + (chosen < 0 && step < 0 ? 1 : 0)) % lines.length;
  lines[chosen].setAttribute("aria-selected", "true");
  lines[chosen].scrollIntoView({ block: "nearest" });
  say.setAttribute("aria-activedescendant", lines[chosen].id);
}

function take(line) {
  say.value = line.dataset.value;
  say.focus();
  closeOffers();
  if (say.value.endsWith(" ")) askOffers();
}

say.addEventListener("input", () => {
  remarks.replaceChildren();
  fit();
  askOffers().catch(closeOffers);
});
say.addEventListener("blur", closeOffers);
say.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const isOpen = !offers.hidden;
  if (isOpen && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    choose(event.key === "ArrowDown" ? 1 : -1);
  } else if (isOpen && event.key === "Tab" && !event.shiftKey) {
    event.preventDefault();
    take(offers.children[Math.max(chosen, 0)]);
  } else if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.altKey) {
    event.preventDefault();
    if (isOpen && chosen >= 0) take(offers.children[chosen]);
    else composer.requestSubmit();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    if (!offers.hidden) closeOffers();
    else remarks.lastElementChild?.remove();
  } else if (event.key === "/" && !event.target.closest("input, textarea, select")) {
    event.preventDefault();
    say.focus();
    if (!say.value) say.value = "/";
    askOffers();
  }
});

// ---- begin ----------------------------------------------------------------------------------------------------------

const theme = document.getElementById("theme");
theme.hidden = false;
theme.addEventListener("click", () => {
  const root = document.documentElement;
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
  try {
    localStorage.setItem("roadmate.theme", root.dataset.theme);
  } catch {
    // storage is switched off: the choice lasts as long as the page
  }
});

news.addEventListener("click", goToLatest);
log.addEventListener("scroll", () => (news.hidden ||= log.scrollTop > -40), { passive: true });

for (const box of remarks.children) keepRemark(box);
if (hasClock) setClock(document.body.dataset.now);
showTimes(document);
showDays();
setInterval(tick, 5000);
if (isLive) follow();
if (matchMedia("(pointer: fine)").matches && !list.querySelector("[aria-invalid]")) say.focus({ preventScroll: true });
list.querySelector("[aria-invalid] input, [aria-invalid]")?.focus();
