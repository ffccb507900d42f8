"""Questions about the programme: stages, mentors, training, files, talks, the audit, the report."""
