// The switch for dark pages, the menu on narrow screens, the section one is in, and search over all chapters.
"use strict";
(() => {
  const root = document.documentElement;
  const find = (id) => document.getElementById(id);

  // Dark or light: what the system says, unless the reader has chosen.
  const theme = find("theme"), system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme || (system.matches ? "dark" : "light")) === "dark";
  const showTheme = () => theme.setAttribute("aria-pressed", String(isDark()));
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("course-theme", root.dataset.theme); } catch (error) { /* then for this page only */ }
    showTheme();
  });
  system.addEventListener("change", showTheme);
  showTheme();

  const menu = find("menu"), chapters = find("chapters");
  const openMenu = (open) => {
    chapters.classList.toggle("open", open);
    menu.setAttribute("aria-expanded", String(open));
  };
  menu.addEventListener("click", () => openMenu(menu.getAttribute("aria-expanded") !== "true"));
  chapters.addEventListener("click", (event) => { if (event.target.closest("a")) openMenu(false); });

  // Only what can be scrolled is a stop of the Tab key.
  const boxes = [...document.querySelectorAll("[data-scrolls]")];
  const noteScrolls = () => boxes.forEach((box) => {
    if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0; else box.removeAttribute("tabindex");
  });
  addEventListener("resize", noteScrolls);
  addEventListener("load", noteScrolls);
  noteScrolls();

  // The section at the top of the screen is marked at the side.
  const links = [...chapters.querySelectorAll('a[href^="#"]')];
  const heads = links.map((link) => find(decodeURIComponent(link.hash.slice(1))));
  const markSection = () => {
    const now = heads.filter((head) => head && head.getBoundingClientRect().top < 140).length - 1;
    links.forEach((link, place) => {
      if (place === now) link.setAttribute("aria-current", "location"); else link.removeAttribute("aria-current");
    });
  };
  if (links.length) {
    addEventListener("scroll", markSection, { passive: true });
    markSection();
  }

  // The other language opens at the same place: headings have the same anchors in all.
  const anchored = [...document.querySelectorAll("main :is(h2, h3, h4)[id]")];
  for (const link of document.querySelectorAll("a.language")) {
    link.addEventListener("click", () => {
      const above = anchored.filter((head) => head.getBoundingClientRect().top < 140);
      link.hash = above.length ? above[above.length - 1].id : "";
    });
  }

  // Search. Its index is a script, since a page opened as a file may not read another file, and comes when it is asked for.
  const field = find("search"), list = find("found"), count = find("count");
  const SHOWN = 12, AROUND = 60;
  let index = null, chosen = -1;
  const plain = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").normalize("NFC");

  const load = () => {
    if (index || document.querySelector("script[data-index]")) return;
    const script = document.createElement("script");
    script.src = "assets/search-index.js";
    script.dataset.index = "";
    script.onload = () => {
      index = window.courseIndex.map((row) => ({ ...row, head: plain(row.section), body: plain(row.text) }));
      show();
    };
    document.head.append(script);
  };

  const points = (row, word) => {
    const inHead = row.head.indexOf(word), inBody = row.body.split(word).length - 1;
    if (inHead < 0 && !inBody) return 0;
    return (inHead >= 0 ? 20 : 0) + Math.min(inBody, 8);
  };
  const search = (text) => {
    const words = plain(text).split(/\s+/).filter(Boolean);
    if (!words.length) return [];
    const hits = found(words);
    // Chinese has no spaces: what is not there as a whole is looked for by pairs of characters.
    return hits.length ? hits : found(words.flatMap(pairs), 0.6);
  };
  const pairs = (word) => word.split(/([\u3400-\u9fff]+)/).filter(Boolean).flatMap((part) =>
    /[\u3400-\u9fff]{3}/.test(part) ? [...part].slice(1).map((letter, at) => part[at] + letter) : [part]);
  const found = (words, share = 1) => {
    return index.map((row) => ({ row, words, each: words.map((word) => points(row, word)) }))
      .filter((hit) => hit.each.filter(Boolean).length >= share * words.length)
      .map((hit) => ({ ...hit, score: hit.each.reduce((sum, one) => sum + one, 0) }))
      .sort((one, other) => other.score - one.score);
  };

  // Text with what was searched for marked; built of nodes, so that nothing in it is read as HTML.
  const marked = (text, words) => {
    const pattern = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
    return text.split(new RegExp(`(${pattern})`, "gi")).map((part, place) => {
      if (place % 2 === 0) return part;
      const mark = document.createElement("mark");
      mark.textContent = part;
      return mark;
    });
  };
  const context = ({ row, words }) => {
    const at = Math.max(0, ...words.map((word) => row.body.indexOf(word)).filter((place) => place >= 0).slice(0, 1));
    const space = row.text.indexOf(" ", at - AROUND);
    const from = at <= AROUND ? 0 : space < 0 || space >= at ? at - AROUND : space + 1;
    return (from ? "… " : "") + row.text.slice(from, at + 2 * AROUND) + (at + 2 * AROUND < row.text.length ? " …" : "");
  };
  const option = (hit, place) => {
    const link = document.createElement("a"), head = document.createElement("strong"), text = document.createElement("span");
    link.id = `found-${place}`;
    link.href = hit.row.page + (hit.row.anchor ? "#" + encodeURIComponent(hit.row.anchor) : "");
    link.setAttribute("role", "option");
    link.setAttribute("aria-selected", "false");
    link.tabIndex = -1;
    head.append(hit.row.chapter === hit.row.section ? hit.row.chapter : `${hit.row.chapter} › ${hit.row.section}`);
    text.append(...marked(context(hit), hit.words));
    link.append(head, text);
    link.addEventListener("click", close);
    return link;
  };

  const choose = (place) => {
    const options = [...list.querySelectorAll("a")];
    chosen = options.length ? (place + options.length) % options.length : -1;
    options.forEach((one, at) => one.setAttribute("aria-selected", String(at === chosen)));
    if (chosen < 0) { field.removeAttribute("aria-activedescendant"); return; }
    field.setAttribute("aria-activedescendant", options[chosen].id);
    options[chosen].scrollIntoView({ block: "nearest" });
  };
  function close() {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
    chosen = -1;
  }
  function show() {
    const asked = field.value.trim();
    if (!asked || !index) { close(); count.textContent = ""; return; }
    const hits = search(asked);
    list.replaceChildren(...hits.slice(0, SHOWN).map(option));
    count.textContent = hits.length === 1 ? "1 section found" : `${hits.length} sections found`;
    if (!hits.length) {
      const nothing = document.createElement("p");
      nothing.className = "nothing";
      nothing.setAttribute("role", "option");
      nothing.setAttribute("aria-disabled", "true");
      nothing.setAttribute("aria-selected", "false");
      nothing.textContent = "Nothing found. Try fewer words.";
      list.append(nothing);
    }
    list.hidden = false;
    list.scrollTop = 0;
    field.setAttribute("aria-expanded", "true");
    choose(0);
  }

  field.addEventListener("focus", load);
  field.addEventListener("input", () => { load(); show(); });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;  // Chinese is being typed: the keys choose characters
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && !list.hidden) {
      event.preventDefault();
      choose(chosen + steps[event.key]);
    } else if (event.key in steps && field.value) {
      event.preventDefault();
      show();
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      list.querySelectorAll("a")[chosen].click();
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (list.hidden) { field.value = ""; field.blur(); } else close();
    }
  });
  document.addEventListener("click", (event) => { if (!event.target.closest(".search")) close(); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") openMenu(false);
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
})();
