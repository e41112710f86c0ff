// A server elsewhere that nobody declared: what reaches it is counted, also connections without a request.
import { createSocket } from "node:dgram";
import { createServer } from "node:http";

export async function startForeign() {
  const asked = [];
  let connections = 0;
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(200, { "Access-Control-Allow-Origin": "*", "Content-Type": "text/plain" });
    response.end("here");
  });
  server.on("upgrade", (request, socket) => {
    asked.push(`upgrade ${request.url}`);
    socket.destroy();
  });
  server.on("connection", () => (connections += 1));
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const datagrams = createSocket("udp4", (message) => asked.push(`datagram of ${message.length} bytes`));
  await new Promise((ready) => datagrams.bind(server.address().port, "127.0.0.1", ready));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    asked,
    connections: () => connections,
    close: () => {
      datagrams.close();
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}
