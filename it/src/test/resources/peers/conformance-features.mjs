// What the conformance suite asks of a server, said once for both eras of the protocol.
// A tool or prompt answers a result, or `{ ask: { key: request }, state }` for input that it needs first: each era asks
// in its own way (a request to the client, or a result `input_required`), then calls it again with the answers.

export const INFO = { name: "conformance-fixture", version: "1.0.0" };
export const CAPABILITIES = {
  tools: { listChanged: true },
  prompts: { listChanged: true },
  resources: { subscribe: true, listChanged: true },
  completions: {},
  logging: {},
};

const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
// A header of RIFF and no samples.
const SILENCE = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=";

const text = said => ({ content: [{ type: "text", text: said }] });
const pause = millis => new Promise(done => setTimeout(done, millis));
const object = (properties = {}, required = Object.keys(properties)) => ({ type: "object", properties, required });
const NOTHING = { type: "object", properties: {}, additionalProperties: false };

const elicit = (message, requestedSchema) => ({ method: "elicitation/create", params: { message, requestedSchema } });
const sample = (prompt, maxTokens = 100) => ({
  method: "sampling/createMessage",
  params: { messages: [{ role: "user", content: { type: "text", text: prompt } }], maxTokens },
});
const ROOTS = { method: "roots/list", params: {} };
const isRecord = it => typeof it === "object" && it !== null && !Array.isArray(it);

/** What a form was answered with, if it was accepted. */
const accepted = (round, key) => {
  const answer = round.answers?.[key];
  return isRecord(answer) && answer.action === "accept" && isRecord(answer.content) ? answer.content : undefined;
};
/** Any answer to a request. */
const answered = (round, key) => (isRecord(round.answers?.[key]) ? round.answers[key] : undefined);

const NAME = object({ name: { type: "string" } });
const OK = object({ ok: { type: "boolean" } });

const choices = (...pairs) => pairs.map(([constant, title]) => ({ const: constant, title }));
const ENUMS = object(
  {
    untitledSingle: { type: "string", enum: ["option1", "option2", "option3"] },
    titledSingle: { type: "string", oneOf: choices(["value1", "First Option"], ["value2", "Second Option"]) },
    legacyEnum: { type: "string", enum: ["opt1", "opt2"], enumNames: ["Option One", "Option Two"] },
    untitledMulti: { type: "array", items: { type: "string", enum: ["option1", "option2", "option3"] } },
    titledMulti: { type: "array", items: { anyOf: choices(["value1", "First Choice"], ["value2", "Second Choice"]) } },
  },
  [],
);
const DEFAULTS = object(
  {
    name: { type: "string", default: "John Doe" },
    age: { type: "integer", default: 30 },
    score: { type: "number", default: 95.5 },
    status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
    verified: { type: "boolean", default: true },
  },
  [],
);

// Each keyword that must come through unaltered: dialect, definitions, anchor, composition, condition.
const DIALECT = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  $defs: {
    address: {
      $anchor: "addressDef",
      type: "object",
      properties: { street: { type: "string" }, city: { type: "string" } },
    },
  },
  properties: {
    name: { type: "string" },
    address: { $ref: "#/$defs/address" },
    contactMethod: { type: "string", enum: ["phone", "email"] },
    phone: { type: "string" },
    email: { type: "string" },
  },
  allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
  if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] },
  then: { required: ["phone"] },
  else: { required: ["email"] },
  additionalProperties: false,
};

/** A tool that shows the answer to one form. */
const form = (message, schema) => async (_, round) => {
  const answer = answered(round, "form");
  if (!answer) return { ask: { form: elicit(message, schema) } };
  return text(`Elicitation completed: action=${answer.action}, content=${JSON.stringify(answer.content ?? {})}`);
};

const content = (name, description, ...items) => ({ name, description, call: async () => ({ content: items }) });
const image = { type: "image", data: PIXEL, mimeType: "image/png" };

/** `round`: answers, state, capabilities of the client; log(text), progress(done, total), closeStream(), changed(). */
export const TOOLS = [
  content("test_simple_text", "Says one sentence", {
    type: "text",
    text: "This is a simple text response for testing.",
  }),
  content("test_image_content", "Shows one image", image),
  content("test_audio_content", "Plays one sound", { type: "audio", data: SILENCE, mimeType: "audio/wav" }),
  content("test_embedded_resource", "Brings one resource", {
    type: "resource",
    resource: {
      uri: "test://embedded-resource",
      mimeType: "text/plain",
      text: "This is an embedded resource content.",
    },
  }),
  content(
    "test_multiple_content_types",
    "Brings text, image and resource",
    { type: "text", text: "Multiple content types test:" },
    image,
    {
      type: "resource",
      resource: {
        uri: "test://mixed-content-resource",
        mimeType: "application/json",
        text: '{"test":"data","value":123}',
      },
    },
  ),
  {
    name: "test_tool_with_logging",
    description: "Logs three times",
    call: async (_, round) => {
      await round.log("Tool execution started");
      await pause(50);
      await round.log("Tool processing data");
      await pause(50);
      await round.log("Tool execution completed");
      return text("Logged three times");
    },
  },
  {
    name: "test_logging_tool",
    description: "Logs once",
    call: async (_, round) => {
      await round.log("One line");
      return text("Logged, where asked for");
    },
  },
  {
    name: "test_error_handling",
    description: "Always fails",
    call: async () => ({ ...text("This tool intentionally returns an error for testing"), isError: true }),
  },
  {
    name: "test_tool_with_progress",
    description: "Tells its progress three times",
    call: async (_, round) => {
      for (const done of [0, 50, 100]) {
        await round.progress(done, 100);
        await pause(50);
      }
      return text("Progress told");
    },
  },
  {
    name: "test_reconnection",
    description: "Closes its stream before it answers",
    call: async (_, round) => {
      round.closeStream();
      await pause(100);
      return text("Answered after the stream was closed");
    },
  },
  {
    name: "json_schema_2020_12_tool",
    description: "Takes what JSON Schema 2020-12 can say",
    schema: DIALECT,
    call: async args => text(JSON.stringify(args)),
  },
  {
    name: "test_x_mcp_header",
    description: "Takes an argument that is repeated as a header",
    schema: object({ region: { type: "string", "x-mcp-header": "Region" } }),
    call: async args => text(`region ${args.region}`),
  },
  {
    name: "test_sampling",
    description: "Has the client's model answer",
    schema: object({ prompt: { type: "string" } }),
    call: async (args, round) => {
      const answer = answered(round, "answer");
      return answer ? text(`LLM response: ${answer.content?.text}`) : { ask: { answer: sample(args.prompt) } };
    },
  },
  {
    name: "test_elicitation",
    description: "Asks the user",
    schema: object({ message: { type: "string" } }),
    call: async (args, round) => {
      const answer = answered(round, "user");
      const schema = object({
        username: { type: "string", description: "User's response" },
        email: { type: "string", description: "User's email address" },
      });
      if (!answer) return { ask: { user: elicit(args.message, schema) } };
      return text(`User response: action: ${answer.action}, content: ${JSON.stringify(answer.content ?? {})}`);
    },
  },
  {
    name: "test_elicitation_sep1034_defaults",
    description: "Asks with defaults",
    call: form("Please review", DEFAULTS),
  },
  { name: "test_elicitation_sep1330_enums", description: "Asks with choices", call: form("Please choose", ENUMS) },
  {
    name: "test_streaming_elicitation",
    description: "Says something, then asks the user",
    call: async (args, round) => {
      await round.log("About to ask");
      return form("Please confirm", OK)(args, round);
    },
  },
  {
    name: "test_missing_capability",
    description: "Needs sampling",
    call: async (_, round) => (answered(round, "needed") ? text("Sampled") : { ask: { needed: sample("Anything") } }),
  },
  {
    name: "test_input_required_result_elicitation",
    description: "Asks for a name",
    call: async (_, round) => {
      const name = accepted(round, "user_name")?.name;
      return typeof name === "string"
        ? text(`Hello, ${name}!`)
        : { ask: { user_name: elicit("What is your name?", NAME) } };
    },
  },
  {
    name: "test_input_required_result_sampling",
    description: "Asks for a capital",
    call: async (_, round) => {
      const answer = answered(round, "capital_question");
      return answer
        ? text(`${answer.content?.text}`)
        : { ask: { capital_question: sample("What is the capital of France?") } };
    },
  },
  {
    name: "test_input_required_result_list_roots",
    description: "Asks for the roots",
    call: async (_, round) => {
      const roots = answered(round, "client_roots")?.roots;
      return Array.isArray(roots)
        ? text(`Roots: ${roots.map(it => it.uri).join(", ")}`)
        : { ask: { client_roots: ROOTS } };
    },
  },
  ...["test_input_required_result_request_state", "test_input_required_result_tampered_state"].map(name => ({
    name,
    description: "Asks, and knows its own state again",
    call: async (_, round) => {
      if (accepted(round, "confirm") && round.state?.of === name) return text("state-ok");
      return { ask: { confirm: elicit("Please confirm", OK) }, state: { of: name } };
    },
  })),
  {
    name: "test_input_required_result_multiple_inputs",
    description: "Asks for three things at once",
    call: async (_, round) => {
      const complete = ["user_name", "greeting", "client_roots"].every(key => answered(round, key));
      if (complete && round.state?.of === "multiple") return text("All three are here");
      return {
        ask: {
          user_name: elicit("What is your name?", NAME),
          greeting: sample("Generate a greeting", 50),
          client_roots: ROOTS,
        },
        state: { of: "multiple" },
      };
    },
  },
  {
    name: "test_input_required_result_multi_round",
    description: "Asks twice",
    call: async (_, round) => {
      const name = accepted(round, "step1")?.name;
      const color = accepted(round, "step2")?.color;
      if (round.state?.step === 2 && color !== undefined) return text(`${round.state.name} likes ${color}`);
      if (round.state?.step === 1 && name !== undefined) {
        const schema = object({ color: { type: "string" } });
        return { ask: { step2: elicit("Step 2: What is your favorite color?", schema) }, state: { step: 2, name } };
      }
      return { ask: { step1: elicit("Step 1: What is your name?", NAME) }, state: { step: 1 } };
    },
  },
  {
    name: "test_input_required_result_capabilities",
    description: "Asks only for what the client can do",
    call: async (_, round) => {
      const able = {
        elicitation: { by_form: elicit("What is your name?", NAME) },
        sampling: { by_model: sample("Say a name") },
      };
      const ask = Object.assign(
        {},
        ...Object.keys(able)
          .filter(it => round.capabilities?.[it])
          .map(it => able[it]),
      );
      const complete = Object.keys(ask).every(key => answered(round, key));
      return complete ? text(`Asked for ${Object.keys(ask).join(", ") || "nothing"}`) : { ask };
    },
  },
  ...["tools", "prompts"].map(what => ({
    name: `test_trigger_${what.slice(0, -1)}_change`,
    description: `Says that the list of ${what} changed`,
    call: async (_, round) => {
      await round.changed(what);
      return text("Said so");
    },
  })),
  {
    name: "test_trigger_resource_update",
    description: "Says that the watched resource changed",
    call: async (_, round) => {
      await round.changed("test://watched-resource");
      return text("Said so");
    },
  },
].map(tool => ({ schema: NOTHING, ...tool }));

/** A tool as it is listed. Every one only reads. */
export const listed = tool => ({
  name: tool.name,
  description: tool.description,
  inputSchema: tool.schema,
  annotations: { readOnlyHint: true, openWorldHint: false },
});

const user = item => ({ role: "user", content: item });

export const PROMPTS = [
  {
    name: "test_simple_prompt",
    description: "One sentence",
    get: async () => ({ messages: [user({ type: "text", text: "This is a simple prompt for testing." })] }),
  },
  {
    name: "test_prompt_with_arguments",
    description: "A sentence with two arguments",
    arguments: [
      { name: "arg1", description: "First test argument", required: true },
      { name: "arg2", description: "Second test argument", required: true },
    ],
    get: async args => ({
      messages: [user({ type: "text", text: `Prompt with arguments: arg1='${args.arg1}', arg2='${args.arg2}'` })],
    }),
  },
  {
    name: "test_prompt_with_embedded_resource",
    description: "A resource and a sentence",
    arguments: [{ name: "resourceUri", description: "URI of the resource to embed", required: true }],
    get: async args => ({
      messages: [
        user({
          type: "resource",
          resource: { uri: args.resourceUri, mimeType: "text/plain", text: "Embedded resource content for testing." },
        }),
        user({ type: "text", text: "Please process the embedded resource above." }),
      ],
    }),
  },
  {
    name: "test_prompt_with_image",
    description: "An image and a sentence",
    get: async () => ({ messages: [user(image), user({ type: "text", text: "Please analyze the image above." })] }),
  },
  {
    name: "test_input_required_result_prompt",
    description: "Asks for its context first",
    get: async (_, round) => {
      const said = accepted(round, "user_context")?.context;
      const schema = object({ context: { type: "string" } });
      if (said === undefined) return { ask: { user_context: elicit("What context should the prompt use?", schema) } };
      return { messages: [user({ type: "text", text: `Context: ${said}` })] };
    },
  },
];

export const RESOURCES = [
  { uri: "test://static-text", name: "Static text", description: "A sentence", mimeType: "text/plain" },
  { uri: "test://static-binary", name: "Static binary", description: "An image", mimeType: "image/png" },
  {
    uri: "test://watched-resource",
    name: "Watched",
    description: "A resource to subscribe to",
    mimeType: "text/plain",
  },
];
export const TEMPLATES = [
  {
    uriTemplate: "test://template/{id}/data",
    name: "Template",
    description: "Data of an id",
    mimeType: "application/json",
  },
];

/** The contents of a resource, or nothing. */
export const read = uri => {
  const one = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
  if (one !== undefined) {
    return [
      {
        uri,
        mimeType: "application/json",
        text: JSON.stringify({ id: one, templateTest: true, data: `Data for ID: ${one}` }),
      },
    ];
  }
  switch (uri) {
    case "test://static-text":
      return [{ uri, mimeType: "text/plain", text: "This is the content of the static text resource." }];
    case "test://static-binary":
      return [{ uri, mimeType: "image/png", blob: PIXEL }];
    case "test://watched-resource":
      return [{ uri, mimeType: "text/plain", text: "This is the watched resource." }];
    default:
      return undefined;
  }
};

/** Values that complete an argument. */
export const complete = (name, begun) => {
  const values = ["test-one", "test-two", "other"].filter(it => it.startsWith(begun));
  return { completion: { values, total: values.length, hasMore: false } };
};
