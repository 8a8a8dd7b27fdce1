// Gives whoever reads the page a text as a file. Must not know what is in it.

/** @param {string} name @param {string} text @param {string} type */
export const save = (name, text, type) => {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  URL.revokeObjectURL(address);
};
