// Ingress
