// The forward pass of the LSTM and the RNN, as src/assay/models/lstm.py and rnn.py define them.
// T: steps, H: hidden units, D: input features, K: outputs, G: gates, stacked in the order of `gates`.
'use strict';

function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), each => each.charCodeAt(0));
  const view = new DataView(bytes.buffer), found = new Float32Array(bytes.length / 4);
  for (let n = 0; n < found.length; n++) found[n] = view.getFloat32(4 * n, true);
  return found;
}

function readNetwork(packed) {
  const found = {...packed};
  for (const name of ['W_x', 'W_h', 'b', 'V', 'a']) found[name] = unpacked(packed[name]);
  return found;
}

// The same shape with weights from U(±1/√H), as they are before any training.
function untrained(network, seed = 1) {
  let state = seed;
  const draw = () => {  // mulberry32
    state = (state + 0x6D2B79F5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const bound = 1 / Math.sqrt(network.H), found = {...network, run: 'untrained'};
  for (const name of ['W_x', 'W_h', 'b', 'V', 'a']) {
    found[name] = network[name].map(() => (2 * draw() - 1) * bound);
  }
  return found;
}

const sigmoid = x => 1 / (1 + Math.exp(-x));

// out[r] += sum over columns of matrix[r, c] · vector[c]
function addProduct(out, matrix, vector) {
  const columns = vector.length;
  for (let r = 0; r < out.length; r++) {
    let sum = 0;
    for (let c = 0; c < columns; c++) sum += matrix[r * columns + c] * vector[c];
    out[r] += sum;
  }
}

function encoded(network, symbol) {
  if (network.encoding === 'scalar') return [symbol];
  return Array.from({length: network.D}, (_, n) => (n === symbol ? 1 : 0));
}

function softmax(logits) {
  const most = Math.max(...logits), powers = logits.map(each => Math.exp(each - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map(each => each / sum);
}

// Every step of a string of symbols: gates, state, logits and probabilities.
// `hold` is what is tried: {clamps: {f: 1}, silent: [unit, …]}.
function forward(network, symbols, hold = {}) {
  const {H, K, gates} = network, clamps = hold.clamps || {}, silent = hold.silent || [];
  let h = new Float64Array(H), c = new Float64Array(H);
  return symbols.map(symbol => {
    const sums = Float64Array.from(network.b);
    addProduct(sums, network.W_x, encoded(network, symbol));
    addProduct(sums, network.W_h, h);
    const gate = {};
    gates.forEach((name, n) => {
      const part = sums.slice(n * H, (n + 1) * H);
      const value = name === 'g' || name === 'h' ? part.map(Math.tanh) : part.map(sigmoid);
      gate[name] = name in clamps ? value.fill(clamps[name]) : value;
    });
    if (network.cell === 'lstm') {
      c = c.map((held, n) => gate.g[n] * gate.i[n] + held * gate.f[n]);
      h = network.form === 'as_reported'
        ? c.map((held, n) => Math.tanh(held * gate.o[n]))
        : c.map((held, n) => gate.o[n] * Math.tanh(held));
    } else {
      h = gate.h.slice();
    }
    for (const unit of silent) { h[unit] = 0; c[unit] = 0; }
    const logits = new Float64Array(K);
    logits.set(network.a);
    addProduct(logits, network.V, h);
    return {gate, h, c, logits: [...logits], probabilities: softmax([...logits])};
  });
}
