(function () {
  "use strict";
  var AT_ONCE_MS = 40, WAIT_MS = 150;
  function by(id) { return document.getElementById(id); }
  function all(node, selector) { return Array.prototype.slice.call(node.querySelectorAll(selector)); }
  var form = by("search"), query = by("query"), system = by("system"), from = by("from"), until = by("until");
  var order = by("order"), shown = by("shown"), sections = all(document, "section.system"), run = 0, waiting = 0;
  var listed = [];
  sections.forEach(function (section) {
    all(section, "article").forEach(function (node) { listed.push({ node: node, section: section }); });
  });
  function fits(one, words) {
    var day = one.node.getAttribute("data-day");
    if (system.value && system.value !== one.section.id) { return false; }
    if ((from.value || until.value) && !day) { return false; }
    if ((from.value && day < from.value) || (until.value && day > until.value)) { return false; }
    if (!words.length) { return true; }
    var text = one.node.textContent.toLowerCase();
    return words.every(function (word) { return text.indexOf(word) >= 0; });
  }
  // A long list is looked through in pieces, so that typing stays possible; a newer search ends an older one.
  function filter() {
    var mine = run += 1, index = 0, counts = {}, total = 0;
    var words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    function some() {
      var until_ms = Date.now() + AT_ONCE_MS, one;
      if (mine !== run) { return; }
      while (index < listed.length && (index % 64 !== 0 || Date.now() < until_ms || index === 0)) {
        one = listed[index];
        index += 1;
        one.node.hidden = !fits(one, words);
        if (!one.node.hidden) { counts[one.section.id] = (counts[one.section.id] || 0) + 1; total += 1; }
        if (index % 64 === 0 && Date.now() >= until_ms) { break; }
      }
      shown.textContent = String(total);
      if (index < listed.length) { setTimeout(some, 0); return; }
      sections.forEach(function (section) { section.hidden = !counts[section.id]; });
    }
    sections.forEach(function (section) { section.hidden = false; });
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
  form.hidden = listed.length === 0;
  form.reset();
  shown.textContent = String(listed.length);
}());
