(function () {
  "use strict";
  var AT_ONCE_MS = 100, WAIT_MS = 150;
  function by(id) { return document.getElementById(id); }
  function all(node, selector) { return Array.prototype.slice.call(node.querySelectorAll(selector)); }
  var form = by("search"), query = by("query"), system = by("system"), from = by("from"), until = by("until");
  var order = by("order"), shown = by("shown"), sections = all(document, "section.system"), run = 0, waiting = 0;
  var pieces = [], total = 0;
  sections.forEach(function (section) {
    all(section, ".piece").forEach(function (node) {
      var articles = all(node, "article");
      total += articles.length;
      pieces.push({ node: node, section: section, articles: articles, fitting: articles });
    });
  });
  function fits(node, words) {
    var day = node.getAttribute("data-day"), text;
    if ((from.value || until.value) && !day) { return false; }
    if ((from.value && day < from.value) || (until.value && day > until.value)) { return false; }
    if (!words.length) { return true; }
    text = node.textContent.toLowerCase();
    return words.every(function (word) { return text.indexOf(word) >= 0; });
  }
  // What is shown changes only when all was looked at: drawing a long list anew after every piece would take minutes.
  function apply() {
    var counts = {}, count = 0;
    pieces.forEach(function (piece) {
      var some = piece.fitting.length > 0;
      if (piece.node.hidden === some) { piece.node.hidden = !some; }
      if (!some) { return; }
      counts[piece.section.id] = (counts[piece.section.id] || 0) + 1;
      count += piece.fitting.length;
      piece.articles.forEach(function (node) {
        var hide = piece.fitting !== piece.articles && piece.fitting.indexOf(node) < 0;
        if (node.hidden !== hide) { node.hidden = hide; }
      });
    });
    sections.forEach(function (section) { section.hidden = !counts[section.id]; });
    shown.textContent = String(count);
  }
  // A long list is looked through in pieces, so that typing stays possible; a newer search ends an older one.
  function filter() {
    var mine = run += 1, index = 0, words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    function look(piece) {
      if (system.value && system.value !== piece.section.id) { piece.fitting = []; return; }
      if (!words.length && !from.value && !until.value) { piece.fitting = piece.articles; return; }
      piece.fitting = piece.articles.filter(function (node) { return fits(node, words); });
    }
    function some() {
      var pause = Date.now() + AT_ONCE_MS;
      if (mine !== run) { return; }
      while (index < pieces.length && Date.now() < pause) { look(pieces[index]); index += 1; }
      if (index < pieces.length) { setTimeout(some, 0); return; }
      apply();
    }
    some();
  }
  function turn(node) {
    var parts = Array.prototype.slice.call(node.children).reverse();
    parts.forEach(function (part) { node.appendChild(part); });
  }
  function sort() {
    all(document, ".entries").forEach(function (entries) {
      all(entries, ".piece").forEach(turn);
      turn(entries);
    });
  }
  function soon() { clearTimeout(waiting); waiting = setTimeout(filter, WAIT_MS); }
  form.addEventListener("submit", function (event) { event.preventDefault(); filter(); });
  query.addEventListener("input", soon);
  [system, from, until].forEach(function (one) { one.addEventListener("change", filter); });
  order.addEventListener("change", sort);
  form.hidden = total === 0;
  form.reset();
  shown.textContent = String(total);
}());
