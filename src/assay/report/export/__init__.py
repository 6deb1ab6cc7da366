"""What a paper needs of a study: tables, figures and a paragraph on method."""
