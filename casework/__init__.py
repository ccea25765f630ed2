"""How work moves: case files, the transition door, the audit trail, rules, queues and deadlines."""
