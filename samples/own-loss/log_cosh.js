#!/usr/bin/env node
// A loss of our own for `losscalc gradcheck --exec samples/own-loss/log_cosh.js`.
//
// The mean over samples of sum_j log(cosh(pred_j - target_j)): a square near 0, an absolute value far from it.
"use strict";

const readline = require("node:readline");

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/** log(cosh(residual)), which neither overflows nor cancels. */
function logCosh(residual) {
  const size = Math.abs(residual);
  return size + Math.log1p(0.5 * Math.expm1(-2 * size));
}

function answer({ inputs: { pred, target }, want }) {
  const residuals = pred.map((row, i) => row.map((p, j) => p - target[i][j]));
  const losses = residuals.map((row) => sum(row.map(logCosh)));
  const reply = { value: sum(losses) / losses.length, per_sample: losses };
  if (want.includes("gradient")) {
    reply.gradient = { pred: residuals.map((row) => row.map((r) => Math.tanh(r) / losses.length)) };
  }
  return reply;
}

/** JSON has no NaN and no infinities: they are written as strings. */
const plain = (key, value) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value);

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const request = JSON.parse(line);
  let reply;
  try {
    reply = answer(request);
  } catch (error) {
    reply = { error: String(error) };
  }
  process.stdout.write(JSON.stringify({ id: request.id, ...reply }, plain) + "\n");
});
