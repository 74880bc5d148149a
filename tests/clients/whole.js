// Everything that a program does with segments, by the official client.
const client = require("@sendgrid/client");
client.setApiKey("SG.any");
const query = "SELECT contact_id, updated_at FROM contact_data WHERE country = 'US'";

async function ask(method, url, body, qs) {
  const [response, answer] = await client.request({ method, url, body, qs });
  return [response.statusCode, answer];
}

function equal(seen, wanted, what) {
  if (JSON.stringify(seen) !== JSON.stringify(wanted)) throw new Error(`${what}: ${JSON.stringify(seen)}`);
}

(async () => {
  let [status, list] = await ask("POST", "/v3/marketing/lists", { name: "Łódź" });
  equal([status, list.name], [201, "Łódź"], "list");
  const field = (await ask("POST", "/v3/marketing/field_definitions", { name: "plan", field_type: "Text" }))[1];
  equal(field.id, "e1_T", "field");
  const contact = { email: "Dave@Example.com", country: "US", custom_fields: { [field.id]: "pro" } };
  [status] = await ask("PUT", "/v3/marketing/contacts", { list_ids: [list.id], contacts: [contact] });
  equal(status, 202, "upsert");
  const found = (await ask("POST", "/v3/marketing/contacts/search", { query: "email = 'dave@example.com'" }))[1];
  equal([found.contact_count, found.result[0].custom_fields], [1, { plan: "pro" }], "search");
  const [created, segment] = await ask("POST", "/v3/marketing/segments/2.0", { name: "US", query_dsl: query });
  equal([created, segment.contacts_count], [201, 1], "create");
  equal((await ask("GET", "/v3/marketing/segments/2.0"))[1].results.length, 1, "list of segments");
  const filtered = await ask("GET", "/v3/marketing/segments/2.0", undefined, { ids: segment.id });
  equal(filtered[1].results[0].id, segment.id, "filter");
  equal((await ask("GET", `/v3/marketing/segments/2.0/${segment.id}`))[1].query_dsl, query, "get");
  equal((await ask("PATCH", `/v3/marketing/segments/2.0/${segment.id}`, { name: "USA" }))[1].name, "USA", "update");
  [status] = await ask("POST", `/v3/marketing/segments/2.0/refresh/${segment.id}`, { user_time_zone: "UTC" });
  equal(status, 202, "refresh");
  equal(await ask("DELETE", `/v3/marketing/segments/2.0/${segment.id}`), [202, ""], "delete");
  try {
    await ask("GET", `/v3/marketing/segments/2.0/${segment.id}`);
    throw new Error("a deleted segment is there");
  } catch (error) {
    equal([error.code, error.response.body.errors[0].message], [404, "segment not found"], "not found");
  }
  try {
    await ask("DELETE", "/v3/marketing/contacts", undefined, { ids: ["a", "b"] });
    throw new Error("ids[] was read");
  } catch (error) {
    equal([error.code, error.response.body.parameter], [400, "ids/delete_all_contacts"], "ids[]");
  }
  equal((await ask("DELETE", `/v3/marketing/lists/${list.id}`))[0], 204, "delete list");
  equal((await ask("DELETE", `/v3/marketing/field_definitions/${field.id}`))[0], 204, "delete field");
  console.log("done");
})().catch((error) => { console.error(error); process.exit(1); });
