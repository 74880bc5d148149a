// Lets SendGrid's Node client talk to the emulator without a change in the code that uses it:
//   SENDGRID_BASE_URL=http://127.0.0.1:8080 node --require "$(sql-seg serve --node-preload)" program.js
// setApiKey puts the client's address back, so the address is set again behind each call of it.
"use strict";
const Module = require("module");
const baseUrl = process.env.SENDGRID_BASE_URL;
if (!baseUrl) {
  throw new Error("set SENDGRID_BASE_URL to the address that sql-seg serve printed");
}
const load = Module._load;
const seen = new WeakSet();
function redirect(client) {
  if (seen.has(client)) return;
  seen.add(client);
  for (const name of ["setApiKey", "setDataResidency"]) {
    const original = client[name];
    if (typeof original !== "function") continue;
    client[name] = function (...given) {
      const result = original.apply(this, given);
      this.setDefaultRequest("baseUrl", baseUrl);
      return result;
    };
  }
  if (client.defaultRequest) client.setDefaultRequest("baseUrl", baseUrl);
}
Module._load = function (request, ...rest) {
  const loaded = load.call(this, request, ...rest);
  if (request === "@sendgrid/client" || request === "@sendgrid/mail") {
    redirect(request === "@sendgrid/mail" && loaded.client ? loaded.client : loaded);
    if (loaded.Client && loaded.Client.prototype) redirect(loaded.Client.prototype);
  }
  return loaded;
};
