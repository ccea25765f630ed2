"""The papers: templates, answers, frozen revisions, attachments and PDF."""
