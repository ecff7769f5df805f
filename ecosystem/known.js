// What is known to fail: { case, test, why }.

module.exports = [];
