namespace Slipway.Health;

/// <summary>Where an instance is in its life.</summary>
public enum InstanceStatus { Starting, Running, Draining, Stopping, Stopped, Failed }

/// <summary>How an instance is, as far as its probes can tell.</summary>
public enum InstanceHealth { Unknown, Healthy, Degraded, Unhealthy }
