no job
echo: No job now
