import java.io.FileInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.security.KeyStore;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** Serves one HTTP answer over every protocol and suite that this JDK has: LabServer ADDRESS PORT PKCS12. */
public final class LabServer {
  private static final byte[] ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n".getBytes();

  public static void main(String[] arguments) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream file = new FileInputStream(arguments[2])) {
      store.load(file, "changeit".toCharArray());
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
    keys.init(store, "changeit".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    SSLServerSocket server =
        (SSLServerSocket) context.getServerSocketFactory()
            .createServerSocket(Integer.parseInt(arguments[1]), 512, InetAddress.getByName(arguments[0]));
    server.setEnabledProtocols(server.getSupportedProtocols());
    server.setEnabledCipherSuites(server.getSupportedCipherSuites());
    var workers = Executors.newCachedThreadPool();
    while (true) {
      SSLSocket peer = (SSLSocket) server.accept();
      workers.submit(() -> answer(peer));
    }
  }

  private static void answer(SSLSocket peer) {
    try (peer) {
      peer.setSoTimeout(10000);
      InputStream in = peer.getInputStream();
      byte[] request = new byte[16384];
      if (in.read(request) > 0) {
        OutputStream out = peer.getOutputStream();
        out.write(ANSWER);
        out.flush();
      }
    } catch (Exception refused) {
      // A refused handshake is what most of the tests come for.
    }
  }
}
