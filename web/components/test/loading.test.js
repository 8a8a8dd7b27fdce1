// Asking: once for each change, never an old answer over a newer one, and what is known stays where nothing is heard.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createLoading } from "../src/loading.js";

const settled = () => new Promise((resolve) => setImmediate(resolve));
const shown = (updatedAt, { today = "2026-03-02", isLive = true } = {}) => ({ document: { updatedAt }, today, isLive });

/** What is asked is answered when a test says so. */
const asked = () => {
  const questions = [];
  let changes = 0;
  const loading = createLoading(
    () => new Promise((answer, refuse) => void questions.push({ answer, refuse })),
    () => void changes++,
  );
  return { loading, questions, changes: () => changes };
};

test("it asks once for a streak, and again when that was changed or another day began", async () => {
  const { loading, questions } = asked();
  for (const one of [shown("1"), shown("1"), shown("2"), shown("2"), shown("2", { today: "2026-03-03" })]) loading.news(one);
  assert.equal(questions.length, 3);
});

test("an answer that was overtaken is not shown", async () => {
  const { loading, questions, changes } = asked();
  loading.news(shown("1"));
  loading.news(shown("2"));
  questions[1].answer("newer");
  await settled();
  questions[0].answer("older");
  await settled();
  assert.deepEqual([loading.state(), changes()], [{ data: "newer", failed: false }, 1]);
});

test("what is known stays where the next answer is lost, and it is asked again when the service is heard", async () => {
  const { loading, questions } = asked();
  loading.news(shown("1"));
  questions[0].answer("known");
  await settled();
  loading.news(shown("2", { isLive: false }));
  questions[1].refuse(new Error("lost"));
  await settled();
  assert.deepEqual(loading.state(), { data: "known", failed: true });
  loading.news(shown("2", { isLive: false }));
  assert.equal(questions.length, 2);
  loading.news(shown("2"));
  questions[2].answer("newer");
  await settled();
  assert.deepEqual(loading.state(), { data: "newer", failed: false });
});

test("what was on its way for another user is not shown to the next one", async () => {
  const { loading, questions } = asked();
  loading.news(shown("1"));
  loading.forget();
  questions[0].answer("another's");
  await settled();
  assert.deepEqual(loading.state(), { data: null, failed: false });
  loading.news(shown("1"));
  assert.equal(questions.length, 2);
});
