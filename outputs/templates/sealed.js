(function () {
  "use strict";
  // The format is described in docs/seal-format.md; outputs/seal_format.py and outputs/passphrase.py hold the same rules.
  var MIN_ROUNDS = 600000, MAX_ROUNDS = 10000000, MIN_CHUNK = 1024, MAX_CHUNK = 16777216, TAG = 16, CHECK = 8;
  var MOST_LISTED = 2000, MOST_SHOWN = 134217728;
  var known = JSON.parse(byId("known").textContent), texts = known.texts;
  var blobs = [], broken = "", frameText = "", loads = 0, listed = [];

  function byId(id) { return document.getElementById(id); }

  function Problem(code, n) { this.code = code; this.n = n; }

  function say(code, n, wrong) {
    var status = byId("status");
    status.textContent = code ? texts[code].replace("{n}", n) : "";
    status.className = wrong ? "wrong" : "";
  }

  // ---- reading: each chunk leaves the page for a Blob as soon as the next element follows it
  var TABLE = new Uint8Array(256).fill(255);
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".split("").forEach(function (sign, value) {
    TABLE[sign.charCodeAt(0)] = value;
  });

  function bytesOf(text) {
    var pad = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0, full = text.length - pad;
    var out = new Uint8Array(Math.floor(full * 3 / 4)), at = 0, held = 0, bits = 0, bad = text.length % 4;
    for (var i = 0; i < full; i += 1) {
      var code = text.charCodeAt(i), value = code < 256 ? TABLE[code] : 255;
      bad |= value & 128;
      held = (held << 6 | value) & 16777215;
      bits += 6;
      if (bits >= 8) { bits -= 8; out[at] = held >> bits; at += 1; }
    }
    if (bad) { throw new Problem("damaged"); }
    return out;
  }

  function take(final) {
    var nodes = document.querySelectorAll("script.chunk");
    for (var i = 0; i < nodes.length; i += 1) {
      if (!final && !nodes[i].nextElementSibling) { return; }
      try { blobs.push(new Blob([bytesOf(nodes[i].textContent)])); } catch (error) { broken = "damaged"; }
      nodes[i].remove();
    }
  }

  // ---- the passphrase
  function tokens(typed) {
    var folded = typed.slice(0, 1000).normalize("NFC").toLowerCase();
    folded = folded.replace(/ä/g, "ae").replace(/ö/g, "oe").replace(/ü/g, "ue").replace(/ß/g, "ss");
    return folded.normalize("NFKD").replace(/\p{Mn}/gu, "").split(/[^a-z0-9]+/).filter(Boolean);
  }

  function meanings(parts) {
    return Object.keys(known.words).map(function (language) {
      var list = known.words[language], begin = new Map(list.map(function (word) { return [word.slice(0, 4), word]; }));
      return { list: list, meant: parts.map(function (part) {
        var word = begin.get(part.slice(0, 4)) || "";
        return word.startsWith(part) ? word : "";
      }) };
    });
  }

  async function fits(reading) {
    var drawn = reading.meant.slice(0, known.count).join("-");
    var digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(drawn)));
    return reading.list[(digest[0] * 256 + digest[1]) % reading.list.length] === reading.meant[known.count];
  }

  async function understood(typed) {
    var parts = tokens(typed), whole = parts.join("");
    if (!parts.length) { throw new Problem("empty"); }
    if (/^[abcdefghjkmnpqrstuvwxyz23456789]{25}$/.test(whole)) { return { text: whole.match(/.{5}/g).join("-"), sure: false }; }
    var readings = meanings(parts), best = null;
    for (var i = 0; i < readings.length; i += 1) {
      var meant = readings[i].meant, hits = meant.filter(Boolean).length;
      if (hits === parts.length && hits === known.count + 1 && await fits(readings[i])) {
        return { text: meant.join("-"), sure: true };
      }
      if (!best || hits > best.hits) { best = { hits: hits, meant: meant }; }
    }
    if (parts.length < Math.floor(known.count / 2) || best.hits * 2 <= parts.length) { return { text: typed.trim(), sure: false }; }
    var place = best.meant.indexOf("") + 1;
    if (place) { throw new Problem("unknown_word", place); }
    throw parts.length !== known.count + 1 ? new Problem("word_count", parts.length) : new Problem("checksum");
  }

  // ---- opening
  function header() {
    var raw = byId("header") ? byId("header").textContent : "", said;
    try { said = JSON.parse(raw) || {}; } catch (error) { throw new Problem("weak"); }
    var whole = Object.keys(said).length === 7 && said.magic === "auskunft-seal" && said.version === 1
      && said.kdf === "PBKDF2-HMAC-SHA-256" && said.cipher === "AES-256-GCM" && /^[0-9a-f]{64}$/.test(said.salt);
    if (!whole || !Number.isInteger(said.rounds) || said.rounds < MIN_ROUNDS || said.rounds > MAX_ROUNDS
        || !Number.isInteger(said.chunk) || said.chunk < MIN_CHUNK || said.chunk > MAX_CHUNK) {
      throw new Problem("weak");
    }
    said.raw = new TextEncoder().encode(raw);
    return said;
  }

  async function keyOf(text, said) {
    var salt = Uint8Array.from(said.salt.match(/../g), function (pair) { return parseInt(pair, 16); });
    var base = await crypto.subtle.importKey("raw", new TextEncoder().encode(text), "PBKDF2", false, ["deriveKey"]);
    return crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt: salt, iterations: said.rounds }, base,
      { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
  }

  async function clear(key, bound, index, last) {
    var iv = new Uint8Array(12), aad = new Uint8Array(41);
    new DataView(iv.buffer).setUint32(8, index);
    aad.set(bound);
    new DataView(aad.buffer).setUint32(36, index);
    aad[40] = last ? 1 : 0;
    var sealed = await blobs[index].arrayBuffer();
    return crypto.subtle.decrypt({ name: "AES-GCM", iv: iv, additionalData: aad, tagLength: 128 }, key, sealed);
  }

  function checkShape(said) {
    if (broken || blobs.length < 2 || blobs[0].size !== CHECK + TAG) { throw new Problem("damaged"); }
    for (var i = 1; i < blobs.length; i += 1) {
      var size = blobs[i].size - TAG;
      if (size < 0 || size > said.chunk || (size !== said.chunk && i < blobs.length - 1)) { throw new Problem("damaged"); }
    }
  }

  async function decrypted(typed) {
    var said = header(), phrase = await understood(typed), parts = [], progress = byId("progress");
    checkShape(said);
    var key = await keyOf(phrase.text, said), bound = new Uint8Array(await crypto.subtle.digest("SHA-256", said.raw));
    try { await clear(key, bound, 0, false); } catch (error) { throw new Problem(phrase.sure ? "other" : "wrong"); }
    say("decrypting");
    progress.max = blobs.length;
    progress.hidden = false;
    for (var i = 1; i < blobs.length; i += 1) {
      try {
        parts.push(new Blob([await clear(key, bound, i, i === blobs.length - 1)]));
      } catch (error) {
        throw new Problem(error.name === "OperationError" ? "damaged" : "memory");
      }
      progress.value = i;
    }
    return new Blob(parts, { type: "application/zip" });
  }

  // ---- the archive inside (APPNOTE 6.3.10: end record 4.3.16, central directory 4.3.12, local header 4.3.7)
  async function view(blob, start, end) { return new DataView(await blob.slice(start, end).arrayBuffer()); }

  async function entries(zip) {
    var from = Math.max(0, zip.size - 65557), tail = await view(zip, from, zip.size), at = tail.byteLength - 22;
    while (at >= 0 && tail.getUint32(at, true) !== 0x06054b50) { at -= 1; }
    if (at < 0) { return []; }
    var count = tail.getUint16(at + 10, true), size = tail.getUint32(at + 12, true), start = tail.getUint32(at + 16, true);
    if (count === 0xffff || start === 0xffffffff) { return []; } // 64-bit archives are only saved
    var directory = await view(zip, start, start + size), found = [];
    for (at = 0; found.length < count && directory.getUint32(at, true) === 0x02014b50;) {
      var named = directory.getUint16(at + 28, true);
      found.push({
        name: new TextDecoder().decode(new Uint8Array(directory.buffer, at + 46, named)),
        method: directory.getUint16(at + 10, true),
        packed: directory.getUint32(at + 20, true),
        size: directory.getUint32(at + 24, true),
        at: directory.getUint32(at + 42, true)
      });
      at += 46 + named + directory.getUint16(at + 30, true) + directory.getUint16(at + 32, true);
    }
    return found;
  }

  async function content(zip, entry) {
    var local = await view(zip, entry.at, entry.at + 30);
    var start = entry.at + 30 + local.getUint16(26, true) + local.getUint16(28, true);
    var packed = zip.slice(start, start + entry.packed);
    if (entry.method === 0) { return packed; }
    return new Response(packed.stream().pipeThrough(new DecompressionStream("deflate-raw"))).blob();
  }

  function readable(entry) {
    return entry.packed !== 0xffffffff && entry.size !== 0xffffffff
      && (entry.method === 0 || (entry.method === 8 && "DecompressionStream" in window));
  }

  // ---- showing. Only files that the sender's program made are shown, in a frame without this page's rights: original
  // files, which strangers may have written, are only saved.
  function download(name, blob) {
    var link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 60000);
  }

  function typed(blob, name) {
    var types = { pdf: "application/pdf", html: "text/html", txt: "text/plain", json: "application/json" };
    var ending = name.split(".").pop();
    return blob.slice(0, blob.size, name.indexOf("/") < 0 && types[ending] || "application/octet-stream");
  }

  function row(zip, entry) {
    var item = document.createElement("li"), link = document.createElement("a");
    item.append(entry.name + " ");
    link.href = "#";
    link.textContent = texts.save_one;
    link.setAttribute("aria-label", entry.name + " " + texts.save_one);
    link.addEventListener("click", async function (event) {
      event.preventDefault();
      try {
        download(entry.name.split("/").pop(), typed(await content(zip, entry), entry.name));
      } catch (error) { say("memory", 0, true); }
    });
    item.append(link);
    return item;
  }

  async function show(zip, entry) {
    frameText = await (await content(zip, entry)).text();
    loads = 0;
    byId("frame").srcdoc = frameText;
    byId("viewer").hidden = false;
    byId("page").hidden = true;
    byId("back").focus();
  }

  function leave() {
    byId("viewer").hidden = true;
    byId("page").hidden = false;
    byId("frame").removeAttribute("srcdoc");
    frameText = "";
  }

  function stay() { // a link to an original file may leave the answer: back to it
    if (!frameText) { return; }
    loads += 1;
    if (loads === 2) {
      loads = 0;
      byId("frame").srcdoc = frameText;
    }
  }

  async function result(zip) {
    var link = byId("save");
    link.href = URL.createObjectURL(zip);
    link.download = known.inner;
    listed = (await entries(zip)).filter(readable);
    var page = listed.find(function (entry) { return /^[^/]+\.html$/.test(entry.name) && entry.size <= MOST_SHOWN; });
    byId("show").hidden = !page;
    if (page) { byId("show").addEventListener("click", function () { show(zip, page); }); }
    listed.slice(0, MOST_LISTED).forEach(function (entry) { byId("files").append(row(zip, entry)); });
    byId("more").hidden = listed.length <= MOST_LISTED;
    byId("files-title").hidden = !listed.length;
    byId("form").hidden = true;
    byId("passphrase").value = "";
    byId("result").hidden = false;
    say("");
    (page ? byId("show") : link).focus();
  }

  async function open(event) {
    event.preventDefault();
    if (byId("open").disabled) { return; }
    byId("open").disabled = true;
    say("opening");
    try {
      await result(await decrypted(byId("passphrase").value));
    } catch (error) {
      say(error instanceof Problem ? error.code : "memory", error.n, true);
      byId("passphrase").focus();
    }
    byId("progress").hidden = true;
    byId("open").disabled = false;
  }

  function ready() {
    watcher.disconnect();
    take(true);
    byId("progress").hidden = true;
    if (!window.crypto || !crypto.subtle || !Blob.prototype.arrayBuffer) { say("old_browser", 0, true); return; }
    if (!byId("end")) { say("incomplete", 0, true); return; }
    say("");
    byId("form").hidden = false;
    byId("passphrase").focus();
  }

  say("reading");
  byId("progress").hidden = false;
  var watcher = new MutationObserver(function () { take(false); });
  watcher.observe(document.body, { childList: true });
  byId("form").addEventListener("submit", open);
  byId("back").addEventListener("click", leave);
  byId("frame").addEventListener("load", stay);
  document.addEventListener("DOMContentLoaded", ready);
}());
