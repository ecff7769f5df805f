export default { test: { globals: true, include: ['tests/*.test.js'], watch: false } };
