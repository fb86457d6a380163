import { once } from "node:events";
import net from "node:net";
import { RunningService } from "../support/service";

test("a shutdown closes connections that have sent nothing or half a request", async () => {
  const service = await RunningService.start({}, { jobs: false });
  const { port } = service.app;
  const open = async (text: string) => {
    const socket = net.connect(port, "127.0.0.1").on("error", () => undefined);
    await once(socket, "connect");
    if (text) await new Promise((resolve) => socket.write(text, resolve));
    return socket;
  };
  const sockets = [await open(""), await open("GET /healthz HT")];
  await service.ask(null)("{ plans { code } }");
  const closed = sockets.map((socket) => once(socket, "close"));
  await service.stop();
  await Promise.all(closed);
});
