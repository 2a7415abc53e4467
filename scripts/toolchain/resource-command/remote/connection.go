// Package remote runs scripts and copies files over SSH.
package remote

import "github.com/pulumi/pulumi-go-provider/infer"

const defaultDialErrorLimit = 10

// endpoint says how to reach and enter one machine.
type endpoint struct {
	User               *string  `pulumi:"user,optional"`
	Password           *string  `pulumi:"password,optional"           provider:"secret"`
	Host               *string  `pulumi:"host"`
	Port               *float64 `pulumi:"port,optional"`
	PrivateKey         *string  `pulumi:"privateKey,optional"         provider:"secret"`
	PrivateKeyPassword *string  `pulumi:"privateKeyPassword,optional" provider:"secret"`
	AgentSocketPath    *string  `pulumi:"agentSocketPath,optional"`
	DialErrorLimit     *int     `pulumi:"dialErrorLimit,optional"`
	PerDialTimeout     *int     `pulumi:"perDialTimeout,optional"`
	HostKey            *string  `pulumi:"hostKey,optional"`
}

// Connection is the machine to work on, and the one in between, if any.
type Connection struct {
	endpoint
	Proxy *ProxyConnection `pulumi:"proxy,optional"`
}

// ProxyConnection is a machine that the connection goes through.
type ProxyConnection struct{ endpoint }

// Annotate describes the connection in the plugin's schema.
func (c *Connection) Annotate(a infer.Annotator) {
	a.Describe(&c, "How to reach a machine over SSH.")
	a.Describe(&c.Proxy, "The machine to go through, where the other cannot be reached directly.")
	annotate(a, &c.endpoint)
}

// Annotate describes the connection in the plugin's schema.
func (c *ProxyConnection) Annotate(a infer.Annotator) {
	a.Describe(&c, "How to reach the machine that a connection goes through.")
	annotate(a, &c.endpoint)
}

func annotate(a infer.Annotator, e *endpoint) {
	a.Describe(&e.User, "The user to log in as.")
	a.SetDefault(&e.User, "root")
	a.Describe(&e.Password, "The user's password.")
	a.Describe(&e.Host, "The machine's name or address.")
	a.Describe(&e.Port, "The port its SSH server listens on.")
	a.SetDefault(&e.Port, 22)
	a.Describe(&e.PrivateKey, "The text of a private key to log in with; it is tried before the password.")
	a.Describe(&e.PrivateKeyPassword, "The password the private key is encrypted with.")
	a.Describe(&e.AgentSocketPath, "The socket of an SSH agent; that of SSH_AUTH_SOCK where it is set.")
	a.Describe(&e.DialErrorLimit, "How many failed attempts to connect are allowed; -1 for any number.")
	a.SetDefault(&e.DialErrorLimit, defaultDialErrorLimit)
	a.Describe(&e.PerDialTimeout, "How many seconds one attempt may take; 0 for any time.")
	a.SetDefault(&e.PerDialTimeout, 15)
	a.Describe(&e.HostKey, "The machine's public key, as in a known_hosts file without the name. "+
		"Any key is taken where it is not given.")
}

func (e *endpoint) dialErrorLimit() int {
	if e.DialErrorLimit == nil {
		return defaultDialErrorLimit
	}
	return *e.DialErrorLimit
}
