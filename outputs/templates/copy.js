(function () {
  "use strict";
  var form = document.getElementById("search"), query = document.getElementById("query");
  var system = document.getElementById("system"), shown = document.getElementById("shown");
  var sections = Array.prototype.slice.call(document.querySelectorAll("section.system")).map(function (section) {
    var articles = Array.prototype.slice.call(section.querySelectorAll("article"));
    return { node: section, articles: articles.map(function (node) {
      return { node: node, text: node.textContent.toLowerCase() };
    }) };
  });
  function filter() {
    var words = query.value.toLowerCase().split(/\s+/).filter(Boolean), count = 0;
    sections.forEach(function (section) {
      var inSection = 0, chosen = !system.value || system.value === section.node.id;
      section.articles.forEach(function (article) {
        var fits = chosen && words.every(function (word) { return article.text.indexOf(word) >= 0; });
        article.node.hidden = !fits;
        if (fits) { inSection += 1; }
      });
      section.node.hidden = inSection === 0;
      count += inSection;
    });
    shown.textContent = String(count);
  }
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  query.addEventListener("input", filter);
  system.addEventListener("change", filter);
  form.hidden = sections.length === 0;
  filter();
}());
