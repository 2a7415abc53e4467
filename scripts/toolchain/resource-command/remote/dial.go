package remote

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"time"

	provider "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/retry"
	"golang.org/x/crypto/ssh"
)

// client is a connection to the machine, with the one it goes through, if any.
type client struct {
	*ssh.Client
	proxy *ssh.Client
}

// Close ends the connection.
func (c *client) Close() {
	c.Client.Close()
	if c.proxy != nil {
		c.proxy.Close()
	}
}

type dialer func(ctx context.Context, address string) (net.Conn, error)

// dial connects to the machine, again and again until it answers, the limit of failed attempts is
// passed or ctx ends.
func (c *Connection) dial(ctx context.Context) (*client, error) {
	if c.Proxy == nil {
		direct, err := c.dialRetrying(ctx, "Dial", directly)
		if err != nil {
			return nil, err
		}
		return &client{Client: direct}, nil
	}
	proxy, err := c.Proxy.dialRetrying(ctx, "Dial proxy", directly)
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	through := func(ctx context.Context, address string) (net.Conn, error) {
		return proxy.DialContext(ctx, "tcp", address)
	}
	target, err := c.dialRetrying(ctx, "Dial from proxy", through)
	if err != nil {
		proxy.Close()
		return nil, fmt.Errorf("proxy: %w", err)
	}
	return &client{Client: target, proxy: proxy}, nil
}

func directly(ctx context.Context, address string) (net.Conn, error) {
	return (&net.Dialer{}).DialContext(ctx, "tcp", address)
}

func (e *endpoint) dialRetrying(ctx context.Context, what string, dial dialer) (*ssh.Client, error) {
	config, closeAgent, err := e.clientConfig()
	if err != nil {
		return nil, err
	}
	defer closeAgent()

	limit := e.dialErrorLimit()
	connected, result, err := retry.Until(ctx, retry.Acceptor{
		Accept: func(try int, _ time.Duration) (bool, any, error) {
			client, err := e.dialOnce(ctx, config, dial)
			if err == nil {
				return true, client, nil
			}
			failed := try + 1
			if ctx.Err() != nil || (limit >= 0 && failed > limit) {
				return false, nil, fmt.Errorf("after %d failed attempts: %w", failed, err)
			}
			provider.GetLogger(ctx).InfoStatusf("%s %d/%s failed: retrying", what, failed, limitText(limit))
			return false, nil, nil
		},
	})
	if err != nil {
		return nil, err
	}
	if !connected {
		return nil, ctx.Err()
	}
	return result.(*ssh.Client), nil
}

func limitText(limit int) string {
	if limit < 0 {
		return "inf"
	}
	return strconv.Itoa(limit)
}

// dialOnce connects and logs in within the time one attempt may take.
func (e *endpoint) dialOnce(
	ctx context.Context, config *ssh.ClientConfig, dial dialer,
) (*ssh.Client, error) {
	if config.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, config.Timeout)
		defer cancel()
	}
	address := net.JoinHostPort(*e.Host, strconv.Itoa(int(*e.Port)))
	raw, err := dial(ctx, address)
	if err != nil {
		return nil, err
	}
	// The handshake knows no context, and a connection through a proxy no deadline.
	stop := context.AfterFunc(ctx, func() { raw.Close() })
	connection, channels, requests, err := ssh.NewClientConn(raw, address, config)
	if !stop() && err == nil {
		connection.Close()
		err = ctx.Err()
	}
	if err != nil {
		raw.Close()
		if ctx.Err() != nil {
			return nil, fmt.Errorf("%w: %w", ctx.Err(), err)
		}
		return nil, err
	}
	return ssh.NewClient(connection, channels, requests), nil
}
