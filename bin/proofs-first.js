const Sequencer = require("@jest/test-sequencer").default;
const { FILES } = require("./proofs.js");

/** Jest's order, with the proofs before all other tests. */
module.exports = class ProofsFirst extends Sequencer {
  sort(tests) {
    const isProof = ({ path }) => FILES.some((file) => path.includes(file));
    const sorted = super.sort(tests);
    return [...sorted.filter(isProof), ...sorted.filter((test) => !isProof(test))];
  }
};
