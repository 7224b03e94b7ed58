// Serves one HTTP answer with Go's TLS: main ADDRESS:PORT CERTIFICATE KEY default|weak.
package main

import (
	"crypto/tls"
	"log"
	"net"
	"os"
	"time"
)

const answer = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n"

func main() {
	pair, err := tls.LoadX509KeyPair(os.Args[2], os.Args[3])
	if err != nil {
		log.Fatal(err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{pair}, NextProtos: []string{"http/1.1"},
		MinVersion: tls.VersionTLS12}
	if os.Args[4] == "weak" {
		config.MinVersion = tls.VersionTLS10
		for _, suite := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
			config.CipherSuites = append(config.CipherSuites, suite.ID)
		}
	}
	listener, err := tls.Listen("tcp", os.Args[1], config)
	if err != nil {
		log.Fatal(err)
	}
	for {
		peer, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go serve(peer)
	}
}

func serve(peer net.Conn) {
	defer peer.Close()
	_ = peer.SetDeadline(time.Now().Add(10 * time.Second))
	request := make([]byte, 16384)
	if n, err := peer.Read(request); err == nil && n > 0 {
		_, _ = peer.Write([]byte(answer))
	}
}
