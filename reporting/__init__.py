"""What spans the rooms below: my work, the workplan, search and exports."""
