// The official clients of three providers, each asked for a text and a tool call, streamed and not: what they make of it.
import { createRequire } from "node:module";
const require = createRequire(process.env.PEERS + "/");
const [, , base, token] = process.argv;
const { default: OpenAI } = require("openai");
const { default: Anthropic } = require("@anthropic-ai/sdk");
const { GoogleGenAI } = require("@google/genai");

const said = {};
const keep = async (name, work) => {
  try { said[name] = await work(); } catch (e) { said[name] = { status: e.status, error: String(e.message) }; }
};
const tool = { type: "object", properties: { path: { type: "string" } } };

const openai = new OpenAI({ baseURL: base + "/llm/openai/v1", apiKey: token, maxRetries: 0 });
const messages = [{ role: "user", content: "hello" }];
const tools = [{ type: "function", function: { name: "read", parameters: tool } }];
await keep("chat", async () => {
  const answer = await openai.chat.completions.create({ model: "gpt-4o", messages, tools });
  return { text: answer.choices[0].message.content, tool: answer.choices[0].message.tool_calls?.[0].function };
});
await keep("chat-stream", async () => {
  const stream = openai.chat.completions.stream({ model: "gpt-4o", messages, tools });
  const answer = await stream.finalChatCompletion();
  return { text: answer.choices[0].message.content, tool: answer.choices[0].message.tool_calls?.[0].function };
});
await keep("responses", async () => {
  const answer = await openai.responses.create({ model: "gpt-4o", input: "hello" });
  return { text: answer.output_text };
});
await keep("responses-stream", async () => {
  let text = "", done = "";
  for await (const event of await openai.responses.create({ model: "gpt-4o", input: "hello", stream: true })) {
    if (event.type === "response.output_text.delta") text += event.delta;
    if (event.type === "response.completed") done = event.response.output[0].content[0].text;
  }
  return { text, done };
});
await keep("embeddings", async () => {
  const answer = await openai.embeddings.create({ model: "text-embedding-3-small", input: "hello", encoding_format: "float" });
  return { vector: answer.data[0].embedding };
});
await keep("models", async () => ({ first: (await openai.models.list()).data[0].id }));
const anthropic = new Anthropic({ baseURL: base + "/llm/anthropic", apiKey: token, maxRetries: 0 });
const question = { model: "claude-sonnet-4-5", max_tokens: 1000, messages, tools: [{ name: "read", input_schema: tool }] };
await keep("messages", async () => {
  const answer = await anthropic.messages.create(question);
  return { text: answer.content.find(it => it.type === "text")?.text, tool: answer.content.find(it => it.type === "tool_use")?.input };
});
await keep("messages-stream", async () => {
  const answer = await anthropic.messages.stream(question).finalMessage();
  return { text: answer.content.find(it => it.type === "text")?.text, tool: answer.content.find(it => it.type === "tool_use")?.input };
});
await keep("count", async () => ({ tokens: (await anthropic.messages.countTokens({ model: question.model, messages })).input_tokens }));
const gemini = new GoogleGenAI({ apiKey: token, httpOptions: { baseUrl: base + "/llm/gemini" } });
await keep("generate", async () => ({ text: (await gemini.models.generateContent({ model: "gemini-2.5-flash", contents: "hello" })).text }));
await keep("generate-stream", async () => {
  let text = "";
  for await (const part of await gemini.models.generateContentStream({ model: "gemini-2.5-flash", contents: "hello" })) text += part.text ?? "";
  return { text };
});
console.log(JSON.stringify(said));
